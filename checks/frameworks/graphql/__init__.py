"""Types of GraphQL, as graphene and Strawberry declare them, and their resolvers at work."""
