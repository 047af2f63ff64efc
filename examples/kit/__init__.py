"""Two tiny services on the delivery kit alone: `shop.py` publishes, `warehouse.py` consumes."""
