package io.billingsdk.examples.billingsystem;

import io.billingsdk.Credentials;
import java.nio.file.Path;

/**
 * Where the broker is and how to be let in.
 *
 * @param ca PEM file of the CA that the broker's certificate must come from
 */
public record BrokerLogin(String host, int port, Path ca, Credentials credentials) {}
