package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Progress;
import io.billingsdk.cli.console.Whole;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing send}. */
@Command(
    name = "send",
    description = {
      "Sends usage over HTTP, with a token of the scope intake or write: one event from options, or"
          + " lines of JSON from a file or stdin, while they come.",
      "A line is as the API has an event: keyId, module, model, usage, and may have occurredAt,"
          + " metadata, idempotencyKey, quantities, subject, session, execution. Lines that are"
          + " rejected, or have the idempotency key of an event with other content, are named on"
          + " stderr with their reason, and kept by the server. While the server is away it tries"
          + " again.",
      "Sent again with the same --idempotency-key and the same lines, nothing is counted twice."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:all of it is in the ledger",
      "1:a line was rejected, or is in conflict: another event with its idempotency key is"
          + " counted; all others are in the ledger",
      "2:wrong usage",
      "3:the server refuses, or is away for too long: not all was sent",
      "130:stopped by Ctrl-C: not all was sent"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing send --key-id KEY_ID --module llm --model gpt-4 --usage 150",
      "  billing send --api-key-file key --module asr --model level-1 --usage 12.5",
      "  billing send usage.ndjson --idempotency-key january",
      "  tail -f usage.ndjson | billing send -"
    })
final class SendCommand implements Callable<Integer> {
  private static final String STDIN = "-";
  private static final String KEY = "[!-~]{1,200}";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private EventOptions event = new EventOptions();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "lines of JSON, an event each; - for stdin")
  private @Nullable String file;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description =
          "of the event; of lines, together with their numbers: for those that have none of their"
              + " own; default: one made at random")
  private @Nullable String idempotencyKey;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      converter = Whole.Patience.class,
      description = "how long to try again while the server is away; default: ${DEFAULT-VALUE}")
  private long timeoutSeconds = 60;

  @Option(names = "--json", description = "print the sums as one JSON object")
  private boolean json;

  @Override
  public Integer call() {
    require(
        (file != null) != event.isGiven(),
        "give either FILE, or one event: --key-id, --module, --model, --usage");
    require(
        idempotencyKey == null || idempotencyKey.matches(KEY),
        "--idempotency-key must be 1 to 200 printable characters without spaces");
    // One for both: an event that is sent again by hand must be the same.
    String key = idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey;
    Sender sender =
        new Sender(remote.http(), key, Duration.ofSeconds(timeoutSeconds), this::notice);
    SentLines sent = new SentLines();
    try (InputStream in = open(key)) {
      if (file != null && idempotencyKey == null) {
        notice("sent under --idempotency-key " + key + "; under it no line is counted twice");
      }
      send(new LineBatches(in), sender, sent);
    } catch (IOException unreadable) {
      throw new CommandException(
          (STDIN.equals(file) ? "stdin" : file) + " cannot be read: " + Unreachable.why(unreadable),
          unreadable);
    }
    if (sent.unattributed() > 0) {
      notice(
          sent.unattributed()
              + " of the stored events belong to no app, since the server does not know their"
              + " key. They are kept: 'billing keys unknown' shows what they name, and 'billing"
              + " keys attribute' gives them to an app");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? sent.json() : sent.toString());
    out.flush();
    return sent.refused() == 0 ? 0 : 1;
  }

  private void send(LineBatches lines, Sender sender, SentLines sent) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    try (Progress progress = Progress.of("events", err)) {
      for (LineBatches.LineBatch part = lines.next(); part.lines() > 0; part = lines.next()) {
        for (String refusal : sent.add(part, sender.send(part))) {
          progress.clear();
          err.println(refusal);
        }
        err.flush();
        progress.at(sent.lines());
      }
    }
  }

  private void notice(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("billing: " + text);
    err.flush();
  }

  private InputStream open(String key) throws IOException {
    if (file == null) {
      return new ByteArrayInputStream(event.line(key));
    }
    return file.equals(STDIN) ? System.in : Files.newInputStream(Path.of(file));
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
