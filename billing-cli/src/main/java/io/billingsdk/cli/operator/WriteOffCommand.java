package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Uuid;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.ledger.StreamChanges;
import io.billingsdk.server.ledger.StreamChanges.WrittenOff;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing streams write-off}: missing numbers that will never come. */
@Command(
    name = "write-off",
    description = {
      "Writes off missing numbers that will never come: of an instance that was revoked, or that"
          + " nobody ever gave.",
      "They are no gap from then on. If one still comes, the server counts it. The audit log keeps"
          + " who did it and why."
    },
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing streams write-off 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --reason 'disk lost'",
      "  billing streams write-off 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11"
          + " --first 100 --last 200 --reason 'ticket 4711'",
      "  billing streams write-off --instance gateway-1 --reason 'revoked'"
    })
final class WriteOffCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  @Parameters(
      paramLabel = "STREAM",
      arity = "0..1",
      converter = Uuid.class,
      description = "as streams shows it")
  private @Nullable UUID stream;

  @Option(names = "--instance", paramLabel = "NAME", description = "all streams of this instance")
  private @Nullable String instance;

  @Option(
      names = "--first",
      paramLabel = "N",
      converter = Whole.Seq.class,
      description = "from this number; default: the first")
  private long first = 1;

  @Option(
      names = "--last",
      paramLabel = "N",
      converter = Whole.Seq.class,
      description = "to this number; default: the last")
  private long last = Long.MAX_VALUE;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "1 to 256 characters; kept in the audit log")
  private String reason = "";

  @Override
  public void run() {
    if ((stream == null) == (instance == null)) {
      throw new WrongOptionException("give STREAM or --instance");
    }
    if (last < first) {
      throw new WrongOptionException("--last must be at least --first");
    }
    SeqRange within = new SeqRange(first, last);
    List<WrittenOff> done =
        options.with(
            database -> {
              List<WrittenOff> off = new ArrayList<>();
              UUID one = stream;
              List<UUID> meant = one != null ? List.of(one) : lacking(new Streams(database).all());
              for (UUID each : meant) {
                off.add(new StreamChanges(database).writeOff(each, within, reason));
              }
              return off;
            });
    PrintWriter out = spec.commandLine().getOut();
    for (WrittenOff each : done) {
      String of = instance == null ? "" : each.stream() + ": ";
      out.println(of + text(each));
    }
    if (done.isEmpty()) {
      out.println("nothing is missing of the streams of this instance");
    }
    out.flush();
  }

  private static String text(WrittenOff off) {
    return off.numbers() == 0
        ? "nothing is missing"
        : "wrote off " + off.numbers() + " numbers: " + StreamList.ranges(off.ranges());
  }

  /** Streams of the instance that lack something. */
  private List<UUID> lacking(List<StreamState> all) {
    return all.stream()
        .filter(each -> String.valueOf(instance).equals(each.instance()))
        .filter(each -> !each.gaps().isEmpty())
        .map(StreamState::stream)
        .toList();
  }
}
