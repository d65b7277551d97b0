package io.billingsdk.cli.doctor;

import io.billingsdk.cli.console.CommandException;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.broker.Instances;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** A server of this machine, at whose own broker an instance is made for the examination. */
final class OwnServer implements AutoCloseable {
  private final Path broker;
  private final Instances instances;
  private final String instance;
  private final int port;

  private OwnServer(Path broker, int port) {
    this.port = port;
    this.broker = broker;
    this.instances = new Instances(broker);
    this.instance = "doctor-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static OwnServer in(Path dataDirectory) {
    Path broker = BillingServer.brokerDirectory(dataDirectory);
    if (!Files.exists(broker.resolve("ca.pem"))) {
      throw new CommandException(
          "there is no broker in " + dataDirectory + "; give --host, or start: billing serve");
    }
    int port =
        BillingServer.brokerPortIn(dataDirectory)
            .orElseThrow(
                () ->
                    new CommandException(
                        "no server with a broker of its own has run in "
                            + dataDirectory
                            + "; give --host, or start: billing serve"));
    return new OwnServer(broker, port);
  }

  /** On which its broker listens, or did when it ran last. */
  int port() {
    return port;
  }

  Path ca() {
    return broker.resolve("ca.pem");
  }

  String instance() {
    return instance;
  }

  /** Makes it; the broker lets it in within a second. */
  String password() {
    return instances.passwordOf(instance);
  }

  @Override
  public void close() {
    if (instances.all().stream().anyMatch(each -> each.name().equals(instance))) {
      instances.revoke(instance);
    }
  }
}
