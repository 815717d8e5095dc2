\set customer random(1, 10000)
\set product random(1, 2000)
\set session random(1, 5000)
begin;
insert into orders (customer_id, status, total_cents) values (:customer, 'shipped', 1200) returning id \gset
insert into order_items (order_id, product_id, quantity, price_cents) values (:id, :product, 1, 1200);
update products set stock = stock - 1 where id = :product;
update sessions set last_seen = now() where token = md5(:session::text);
commit;
