package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.keys.Apps;
import io.billingsdk.server.keys.Apps.App;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing apps …}. */
@Command(
    name = "apps",
    description = "Creates and lists the apps that keys belong to.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing apps create acme --name 'Acme Ltd.'", "  billing apps list"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class AppsCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "create",
      description = "Creates an app. The command that creates a key for it is on stderr.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing apps create acme --name 'Acme Ltd.'")
  void create(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "APP", description = "its id, 1 to 256 characters") String app,
      @Option(
              names = "--name",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "its name; default: its id")
          String name) {
    var unused =
        options.with(
            database -> {
              return new Apps(database, Actor.commandLine())
                  .create(app, name.isEmpty() ? app : name);
            });
    PasteLines.on(spec.commandLine().getErr()).afterApp(app, options.asGiven());
  }

  @Command(
      name = "list",
      description = "Lists the apps.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing apps list")
  void list(@Mixin DatabaseOptions options) {
    PrintWriter out = spec.commandLine().getOut();
    for (App app : options.with(database -> new Apps(database, Actor.commandLine()).all())) {
      out.println(Printable.name(app.appId()) + "  " + Printable.name(app.name()));
    }
    out.flush();
  }
}
