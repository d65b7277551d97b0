package io.billingsdk.examples.demo;

import io.billingsdk.Credentials;
import io.billingsdk.server.broker.BrokerAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link DemoWorld} works, and on which broker.
 *
 * @param directory for everything that it writes
 * @param broker null for the one that the billing server brings along
 */
public record WorldSettings(Path directory, @Nullable OtherBroker broker) {

  /**
   * A broker that is there already.
   *
   * @param server where it is, and the billing server's user
   * @param gateway the gateway's user, which may have the client id of the same name
   */
  public record OtherBroker(BrokerAddress server, Credentials gateway) {}

  /** With the broker of the billing server. */
  public static WorldSettings in(Path directory) {
    return new WorldSettings(directory, null);
  }
}
