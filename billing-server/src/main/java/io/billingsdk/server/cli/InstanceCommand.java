package io.billingsdk.server.cli;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.broker.Instances;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing instance …}: who may connect to the server's own broker. */
@Command(
    name = "instance",
    description = {
      "Makes, lists and revokes the broker passwords of services.",
      "An instance may connect under its own name as client id, and under no other."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing instance create gateway-1 > gateway-1.password",
      "  billing instance revoke gateway-1"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class InstanceCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "create",
      description = "Prints the password of an instance; makes one when it has none.")
  void create(
      @Mixin DataDirectoryOption where,
      @Parameters(paramLabel = "NAME", description = "its user name and client id") String name) {
    print(instances(where).passwordOf(name));
  }

  @Command(name = "list", description = "Lists the instances, and since when they have a password.")
  void list(@Mixin DataDirectoryOption where) {
    instances(where).all().forEach(each -> print(each.name() + "  since " + each.since()));
  }

  @Command(
      name = "revoke",
      description = "Takes the password away: the connection ends within seconds, and is refused.")
  void revoke(
      @Mixin DataDirectoryOption where,
      @Parameters(paramLabel = "NAME", description = "the instance") String name) {
    instances(where).revoke(name);
  }

  private static Instances instances(DataDirectoryOption where) {
    return new Instances(BillingServer.brokerDirectory(where.path()));
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
