"""What a shape cannot say, a file for each kind of question; ``knowledge.check`` joins them."""
