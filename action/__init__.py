"""The composite Action: inputs and an event come in, a review or annotations go out."""
