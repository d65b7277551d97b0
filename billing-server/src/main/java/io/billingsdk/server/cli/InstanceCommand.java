package io.billingsdk.server.cli;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.broker.InstanceAdmin;
import io.billingsdk.server.broker.Instances;
import io.billingsdk.server.database.Database;
import java.io.PrintWriter;
import java.nio.file.Path;
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
      description = "Prints the password of an instance; makes one when it has none.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing instance create gateway-1 > gateway-1.password")
  void create(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "NAME", description = "its user name and client id") String name) {
    Instances instances = instances(options.dataDirectory());
    // One that is there is no change, and can be shown while the database is away.
    print(
        instances
            .knownPasswordOf(name)
            .orElseGet(() -> options.with(database -> admin(instances, database).create(name))));
  }

  @Command(
      name = "list",
      description = "Lists the instances, and since when they have a password.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing instance list")
  void list(@Mixin DataDirectoryOption where) {
    instances(where.path()).all().forEach(each -> print(each.name() + "  since " + each.since()));
  }

  @Command(
      name = "revoke",
      description = "Takes the password away: the connection ends within seconds, and is refused.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing instance revoke gateway-1")
  void revoke(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "NAME", description = "the instance") String name) {
    Instances instances = instances(options.dataDirectory());
    var unused =
        options.with(
            database -> {
              admin(instances, database).revoke(name);
              return true;
            });
  }

  private static Instances instances(Path dataDirectory) {
    return new Instances(BillingServer.brokerDirectory(dataDirectory));
  }

  private static InstanceAdmin admin(Instances instances, Database database) {
    return new InstanceAdmin(instances, database, Actor.commandLine());
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
