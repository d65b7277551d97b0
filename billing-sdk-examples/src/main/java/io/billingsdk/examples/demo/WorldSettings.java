package io.billingsdk.examples.demo;

import io.billingsdk.Credentials;
import io.billingsdk.examples.gateway.GatewayTls;
import java.nio.file.Path;

/**
 * The broker that a {@link DemoWorld} uses, and the gateway that it serves.
 *
 * @param brokerHost as the broker's certificate states it
 * @param brokerCa PEM file of the CA that the broker's certificate must come from
 * @param gateway user that may publish {@code billing/report}, {@code billing/keys/request} and
 *     {@code billing/heartbeat}, and subscribe to {@code billing/keys/update}
 * @param billingSystem user that may do the reverse
 * @param gatewayPort 0 for any free one
 * @param gatewayTls must be good for the name {@code localhost}
 * @param journal directory in which the gateway keeps what it reported until it is delivered
 */
public record WorldSettings(
    String brokerHost,
    int brokerPort,
    Path brokerCa,
    Credentials gateway,
    Credentials billingSystem,
    int gatewayPort,
    GatewayTls gatewayTls,
    Path journal) {}
