package io.billingsdk.server.cli;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.broker.OwnBroker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing instance NAME}: the password of an instance for the server's own broker. */
@Command(
    name = "instance",
    description = "Prints the broker password of an instance; makes one when it has none.",
    mixinStandardHelpOptions = true)
public final class InstanceCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DatabaseOptions where = new DatabaseOptions();

  @Parameters(paramLabel = "NAME", description = "its user name")
  private String name = "";

  @Override
  public void run() {
    String password =
        OwnBroker.passwordOf(BillingServer.brokerDirectory(where.dataDirectory()), name);
    spec.commandLine().getOut().println(password);
    spec.commandLine().getOut().flush();
  }
}
