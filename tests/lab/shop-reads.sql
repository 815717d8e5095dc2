\set customer random(1, 10000)
\set product random(1, 2000)
\set purchase random(1, 30000)
\set session random(1, 5000)
select id, name, city from customers where id = :customer;
select id, name from customers where email = 'customer' || :customer || '@example.com';
select id, name, price_cents, stock from products where id = :product;
select id, name, price_cents from products where sku = 'SKU-' || lpad(:product::text, 6, '0');
select id, status, total_cents from orders where id = :purchase;
select id, status, total_cents from orders where customer_id = :customer order by created_at desc limit 10;
select id, customer_id from orders where status = 'open' order by created_at desc limit 20;
select product_id, quantity, price_cents from order_items where order_id = :purchase;
select order_id, quantity from order_items where product_id = :product;
select customer_id, last_seen from sessions where token = md5(:session::text);
select token, last_seen from sessions where customer_id = :customer;
select token from sessions where last_seen < now() - interval '3 days' order by last_seen limit 5;
