"""Other machines: paramiko, fabric, docker, boto3's S3, Google's storage.

From Paramiko's documentation ("Client", "SFTP"), Fabric's ("Connection"), Docker's SDK ("Containers"),
Boto3's ("S3", clients and resources). A command goes through the shell of the other machine; a key of S3 is a
name in a flat space.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, TEXT, each, of, sinks
from checks.semantics.library import Entry, Library, Sink, gives, sink, source

_CLIENT = "paramiko.SSHClient"
_SFTP = "paramiko.SFTPClient"
_S3 = "boto3.S3"

library = Library(
    "client.remote",
    entries={
        _CLIENT: gives(_CLIENT),
        **of(
            _CLIENT,
            {
                "exec_command": sink("shell", (0, "command"), returns="builtins.tuple"),
                "connect": sink("url", (0, "hostname")),
                "invoke_shell": gives("paramiko.Channel"),
                "open_sftp": gives(_SFTP),
                "get_transport": gives("paramiko.Transport"),
                **each(
                    "close load_host_keys load_system_host_keys save_host_keys set_missing_host_key_policy",
                    NOTHING,
                ),
            },
        ),
        "paramiko.Transport": gives("paramiko.Transport"),
        **of("paramiko.Transport", each("open_channel open_session", gives("paramiko.Channel"))),
        "paramiko.Channel.exec_command": sink("shell", (0, "command")),
        "paramiko.Channel.recv": source("remote", "builtins.bytes"),
        **each(f"{_SFTP}.from_transport", gives(_SFTP)),
        **of(
            _SFTP,
            {
                "get": sinks(Sink("path", (1, "localpath"))),
                "put": sinks(Sink("path", (0, "localpath"))),
                "getfo": NOTHING,
                "putfo": NOTHING,
                **each(
                    "chdir chmod close listdir listdir_attr mkdir open remove rename rmdir stat unlink",
                    NOTHING,
                ),
            },
        ),
        "paramiko.ProxyCommand": sink("shell", (0, "command_line")),
        **of(
            "paramiko", each("AutoAddPolicy ECDSAKey Ed25519Key RSAKey RejectPolicy WarningPolicy", NOTHING)
        ),
        "fabric.Connection": Entry(returns="fabric.Connection", sinks=(Sink("url", (0, "host")),)),
        **of("fabric.Connection", each("local run sudo", sink("shell", (0, "command")))),
        **each("invoke.run invoke.context.Context.run", sink("shell", (0, "command"))),
        **each("docker.from_env docker.DockerClient", gives("docker.DockerClient")),
        "docker.DockerClient.containers": gives("docker.models.containers.ContainerCollection"),
        **of(
            "docker.models.containers.ContainerCollection",
            {
                **each(
                    "create run",
                    sinks(Sink("command", (0, "image")), Sink("command", (1, "command"), first=True)),
                ),
                "get": gives("docker.models.containers.Container"),
            },
        ),
        "docker.models.containers.Container.exec_run": sinks(Sink("command", (0, "cmd"), first=True)),
        "docker.models.images.ImageCollection.build": sinks(Sink("path", "path")),
        "boto3.client": gives(_S3),
        "boto3.resource": gives(_S3),
        "boto3.session.Session": gives("boto3.session.Session"),
        **of("boto3.session.Session", each("client resource", gives(_S3))),
        **of(
            _S3,
            {
                "upload_file": Entry(sinks=(Sink("path", (0, "Filename")),), work="http"),
                "download_file": Entry(sinks=(Sink("path", (2, "Filename")),), work="http"),
                **each(
                    "upload_fileobj download_fileobj delete_object delete_objects copy_object head_object",
                    Entry(work="http"),
                ),
                "put_object": Entry(sinks=(Sink("write", "Body"),), work="http"),
                "get_object": Entry(returns="builtins.dict", source="file", work="http"),
                **each("generate_presigned_post generate_presigned_url", TEXT),
                **each("list_objects list_objects_v2 get_paginator", NOTHING),
                **each("Bucket Object", gives(_S3)),
                "get_secret_value": source("secret", "builtins.dict"),
                "get_parameter": NOTHING,
            },
        ),
        **of(
            "google.cloud.storage.Blob",
            {
                "upload_from_filename": Entry(sinks=(Sink("path", (0, "filename")),), work="http"),
                "download_to_filename": Entry(sinks=(Sink("path", (0, "filename")),), work="http"),
                **each("upload_from_file upload_from_string", Entry(work="http")),
            },
        ),
        **of(
            "google.cloud.storage.Blob",
            {
                "download_as_bytes": Entry(returns="builtins.bytes", source="file", work="http"),
                "generate_signed_url": TEXT,
            },
        ),
        "pexpect.spawn": sink("shell", (0, "command")),
        "pexpect.run": sink("shell", (0, "command")),
        "sh.Command": sink("command", 0),
        "*.exec_command": sink("shell", (0, "command")),
    },
    aliases={
        "docker.client.": "docker.",
        "paramiko.channel.": "paramiko.",
        "paramiko.client.": "paramiko.",
        "paramiko.sftp_client.": "paramiko.",
        "paramiko.transport.": "paramiko.",
        "boto3.Session": "boto3.session.Session",
        "fabric.connection.": "fabric.",
    },
)
