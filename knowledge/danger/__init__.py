"""How a message of somebody in danger is told from others: curated signs and a small model."""
