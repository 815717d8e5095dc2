-- A small shop. Every index is one that shop-reads.sql reads.

create role shop_app login;
create role replicator login replication;
create role loadline login;
grant pg_monitor to loadline;

create database shop owner shop_app;
create database billing owner shop_app;

\connect shop
create extension pg_stat_statements;
set role shop_app;

create table customers (
    id bigint generated always as identity primary key,
    email text not null unique,
    name text not null,
    city text not null,
    created_at timestamptz not null default now()
);
create table products (
    id bigint generated always as identity primary key,
    sku text not null unique,
    name text not null,
    price_cents integer not null,
    stock integer not null
);
create table orders (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customers,
    status text not null,
    total_cents integer not null,
    created_at timestamptz not null default now()
);
create table order_items (
    order_id bigint not null references orders,
    product_id bigint not null references products,
    quantity integer not null,
    price_cents integer not null,
    primary key (order_id, product_id)
);
create table sessions (
    token text primary key,
    customer_id bigint not null references customers,
    last_seen timestamptz not null default now()
);

insert into customers (email, name, city, created_at)
select 'customer' || n || '@example.com', 'Customer ' || n, (array['Bern', 'Lyon', 'Oslo', 'Porto', 'Turin'])[1 + n % 5],
       now() - interval '2 years' + n * interval '1 hour'
from generate_series(1, 10000) n;
insert into products (sku, name, price_cents, stock)
select 'SKU-' || lpad(n::text, 6, '0'), 'Product ' || n, 100 + n * 37 % 20000, 1000
from generate_series(1, 2000) n;
insert into orders (customer_id, status, total_cents, created_at)
select 1 + n * 7919 % 10000, case when n % 100 = 0 then 'open' else 'shipped' end, 1000 + n % 9000,
       now() - interval '1 year' + n * interval '15 minutes'
from generate_series(1, 30000) n;
insert into order_items (order_id, product_id, quantity, price_cents)
select 1 + n / 2, 1 + (n * 13 + n % 2) % 2000, 1 + n % 3, 100 + n % 5000
from generate_series(0, 59999) n;
insert into sessions (token, customer_id, last_seen)
select md5(n::text), 1 + n * 31 % 10000, now() - n * interval '1 minute'
from generate_series(1, 5000) n;

create index orders_customer_created_idx on orders (customer_id, created_at);
create index orders_open_idx on orders (created_at) where status = 'open';
create index order_items_product_idx on order_items (product_id);
create index sessions_customer_idx on sessions (customer_id);
create index sessions_last_seen_idx on sessions (last_seen);

\connect billing
set role shop_app;
create table invoices (
    id bigint generated always as identity primary key,
    order_id bigint not null,
    amount_cents integer not null,
    paid boolean not null
);
insert into invoices (order_id, amount_cents, paid) select n, 1000 + n % 9000, n % 50 <> 0 from generate_series(1, 3000) n;

-- What loading did is no part of the picture: the counters start with the shop's own work.
\connect billing
select pg_stat_reset();
vacuum (freeze, analyze);
\connect shop
select pg_stat_reset();
select pg_stat_statements_reset();
vacuum (freeze, analyze);
checkpoint;
select pg_stat_reset_shared('bgwriter');
select pg_stat_reset_shared('wal');
