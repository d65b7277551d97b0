package io.billingsdk.examples.gateway;

import java.nio.file.Path;

/**
 * The PEM files with which the gateway proves who it is, and by which its clients know.
 *
 * @param certificate the gateway's chain, its own certificate first
 * @param key its private key
 * @param ca what clients trust
 */
public record GatewayTls(Path certificate, Path key, Path ca) {}
