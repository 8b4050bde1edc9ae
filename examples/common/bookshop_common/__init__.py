"""What the shop and the stockroom share."""
