package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Table;
import io.billingsdk.cli.console.Terminal;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.outbox.ParkedEvents;
import io.billingsdk.server.outbox.ParkedEvents.ParkedEvent;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing outbox …}: events that no server tries, since they failed too often. */
@Command(
    name = "outbox",
    description = "Shows and retries events that failed too often at a part of the server.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing outbox list", "  billing outbox retry 42"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class OutboxCommand {
  private static final int MOST_PROBLEM_CHARS = 500;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "list",
      description = "Lists the oldest 1000 parked events, by their position.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  billing outbox list", "  billing outbox list --subscriber key-log"})
  void list(
      @Mixin DatabaseOptions options,
      @Option(
              names = "--subscriber",
              paramLabel = "NAME",
              description = "the events of this subscriber alone")
          @Nullable String subscriber) {
    List<ParkedEvent> events =
        options.with(
            database -> new ParkedEvents(database, Actor.commandLine()).oldest(subscriber));
    if (events.isEmpty()) {
      out().println("no event is parked");
    } else {
      table(events).print(out());
    }
    out().flush();
  }

  private static Table table(List<ParkedEvent> events) {
    Table table =
        new Table(Terminal.ofProcess())
            .number("POSITION")
            .whole("SUBSCRIBER")
            .whole("KIND")
            .text("SUBJECT", 256)
            .whole("CREATED")
            .number("ATTEMPTS")
            .text("PROBLEM", MOST_PROBLEM_CHARS);
    for (ParkedEvent each : events) {
      table.row(
          each.position(),
          each.subscriber(),
          each.kind(),
          each.subject(),
          each.createdAt(),
          each.attempts(),
          each.problem());
    }
    return table;
  }

  @Command(
      name = "retry",
      description = {
        "Has parked events delivered after all: one, or the oldest 1000 with --all.",
        "They come after later events of their subjects. The audit log keeps who did it."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing outbox retry 42",
        "  billing outbox retry 42 --subscriber key-log",
        "  billing outbox retry --all"
      })
  void retry(
      @Mixin DatabaseOptions options,
      @Parameters(
              paramLabel = "POSITION",
              arity = "0..1",
              converter = Whole.Id.class,
              description = "of an event, as list shows it")
          @Nullable Long position,
      @Option(names = "--all", description = "all parked events") boolean all,
      @Option(
              names = "--subscriber",
              paramLabel = "NAME",
              description = "at this subscriber alone; default: all")
          @Nullable String subscriber) {
    if ((position == null) != all) {
      throw new WrongOptionException("give POSITION or --all");
    }
    int retried =
        options
            .with(
                database ->
                    new ParkedEvents(database, Actor.commandLine()).retry(subscriber, position))
            .size();
    out()
        .println(retried == 1 ? "1 event is delivered now" : retried + " events are delivered now");
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
