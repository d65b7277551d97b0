package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.broker.Instances;
import io.billingsdk.server.broker.Instances.Instance;
import io.billingsdk.server.broker.Instances.InstanceKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing instance …}: who may connect to the server's own broker. */
@Command(
    name = "instance",
    description = {
      "Creates, lists and revokes the broker passwords of services.",
      "An instance may connect under its own name as client id, and under no other;",
      "one made with --v1, for services with the Python SDK, under any or none."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing instance create gateway-1 > gateway-1.password",
      "  billing instance create python-1 --v1",
      "  billing instance revoke gateway-1"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class InstanceCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "create",
      description = {
        "Prints the password of an instance; creates one if it has none.",
        "The settings of the service are on stderr."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing instance create gateway-1 > gateway-1.password",
        "  billing instance create python-1 --v1"
      })
  void create(
      @Mixin DatabaseOptions options,
      @Option(
              names = "--v1",
              description = {
                "for services with the Python SDK: any client id or none, several connections at",
                "once, and the topics of protocol v1 alone"
              })
          boolean v1,
      @Parameters(paramLabel = "NAME", description = "its user name") String name) {
    InstanceKind kind = v1 ? InstanceKind.V1 : InstanceKind.OWN_ID;
    Instances instances = instances(options.dataDirectory());
    // One that is there is no change, and can be shown while the database is away.
    String password =
        instances.knownPasswordOf(name).isPresent()
            ? instances.passwordOf(name, kind)
            : options.with(database -> instances.create(database, Actor.commandLine(), name, kind));
    print(password);
    PasteLines.on(spec.commandLine().getErr())
        .afterInstance(name, kind, password, options.dataDirectory());
  }

  @Command(
      name = "list",
      description = "Lists the instances, and since when they have a password.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing instance list")
  void list(@Mixin DataDirectoryOption where) {
    instances(where.path()).all().forEach(each -> print(line(each)));
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
              instances.revoke(database, Actor.commandLine(), name);
              return true;
            });
  }

  private static String line(Instance each) {
    return Printable.name(each.name())
        + "  since "
        + each.since()
        + (each.kind() == InstanceKind.V1 ? "  v1" : "");
  }

  private static Instances instances(Path dataDirectory) {
    return new Instances(BillingServer.brokerDirectory(dataDirectory));
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
