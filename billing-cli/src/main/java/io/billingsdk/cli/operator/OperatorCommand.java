package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Printable;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Operators.Operator;
import io.billingsdk.server.db.Database;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing operator …}: who may use the HTTP API. */
@Command(
    name = "operator",
    description = "Creates, lists and disables the operators of the HTTP API.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing operator create alice", "  billing operator list"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class OperatorCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "create",
      description = "Creates an operator, who then needs a token.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing operator create alice")
  void create(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "NAME", description = "1 to 64 of A-Z a-z 0-9 _ . @ -")
          String name) {
    options.change(OperatorCommand::operators, all -> all.create(name));
  }

  @Command(
      name = "list",
      description = "Lists the operators.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing operator list")
  void list(@Mixin DatabaseOptions options) {
    PrintWriter out = spec.commandLine().getOut();
    for (Operator each : options.with(database -> operators(database).all())) {
      String state = each.disabled() == null ? "" : "  disabled " + each.disabled();
      out.println(Printable.name(each.name()) + "  since " + each.created() + state);
    }
    out.flush();
  }

  @Command(
      name = "disable",
      description = "Ends an operator and all their tokens at once.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing operator disable alice")
  void disable(
      @Mixin DatabaseOptions options,
      @Parameters(paramLabel = "NAME", description = "1 to 64 of A-Z a-z 0-9 _ . @ -")
          String name) {
    options.change(OperatorCommand::operators, all -> all.disable(name));
  }

  private static Operators operators(Database database) {
    return new Operators(database, Actor.commandLine());
  }
}
