"""Clients of other servers: HTTP, LDAP, mail, storage, queues."""
