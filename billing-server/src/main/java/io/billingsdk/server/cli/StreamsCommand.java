package io.billingsdk.server.cli;

import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import io.billingsdk.wire.Hello;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code billing streams}: whether all that was reported is stored. */
@Command(
    name = "streams",
    description = {
      "Shows of each stream what was reported, what is stored, and which numbers are missing.",
      "What its producer dropped on purpose, and says so, is no gap."
    },
    exitCodeList = {
      "0:nothing is missing",
      "1:a stream has a gap",
      "2:wrong usage",
      "3:not possible; the reason is on stderr"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  billing streams", "  billing streams > /dev/null || echo 'usage is missing'"},
    mixinStandardHelpOptions = true)
public final class StreamsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  @Override
  public Integer call() {
    boolean gaps = false;
    PrintWriter out = spec.commandLine().getOut();
    for (StreamState stream : options.with(database -> new Streams(database).all())) {
      gaps |= !stream.gaps().isEmpty();
      out.printf(
          Locale.ROOT,
          "%s  %s  reported=%s highest=%d stored=%d refused=%d  %s%s%s  %s  last seen %s%n",
          stream.stream(),
          stream.instance() == null ? "-" : stream.instance(),
          stream.reported() == null ? "?" : stream.reported(),
          stream.highest(),
          stream.stored(),
          stream.refused(),
          stream.state().text(),
          stream.gaps().isEmpty() ? "" : ", missing " + stream.gaps(),
          stream.dropped().isEmpty() ? "" : ", dropped by its producer " + stream.dropped(),
          loss(stream.loss()),
          stream.lastSeen());
    }
    out.flush();
    return gaps ? 1 : 0;
  }

  /** What the producer counted: accepted is the sum of the next four. */
  private static String loss(Hello.@Nullable LossEquation said) {
    return said == null
        ? "its producer said nothing"
        : String.format(
            Locale.ROOT,
            "its producer: accepted=%d delivered=%d pending=%d dead=%d dropped=%d rejected=%d",
            said.accepted(),
            said.delivered(),
            said.pending(),
            said.deadLettered(),
            said.dropped(),
            said.rejected());
  }
}
