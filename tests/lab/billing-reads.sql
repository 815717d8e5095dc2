\set invoice random(1, 3000)
select order_id, amount_cents, paid from invoices where id = :invoice;
