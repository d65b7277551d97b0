package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Uuid;
import io.billingsdk.cli.console.Whole;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing corrections create}. */
@Command(
    name = "create",
    description = {
      "Corrects the amount of an event that was counted wrongly, over HTTP; needs a token to"
          + " write.",
      "The ledger stays as it is: the correction is another event, whose usage is the difference."
          + " A repetition changes nothing."
    },
    mixinStandardHelpOptions = true,
    // The example is of one line, to be copied.
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer =
        "  billing corrections create --stream 6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11 --seq 7"
            + " --occurred-at 2027-01-31T09:30:00.123Z --usage 0 --reason 'ticket 4711'")
final class CorrectionsCreateCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(
      names = "--stream",
      paramLabel = "UUID",
      required = true,
      converter = Uuid.class,
      description = "of the event, as tail --json shows it")
  private UUID stream = new UUID(0, 0);

  @Option(
      names = "--seq",
      paramLabel = "N",
      required = true,
      converter = Whole.Id.class,
      description = "the number of the event in its stream")
  private long seq;

  @Option(
      names = "--occurred-at",
      paramLabel = "TIME",
      required = true,
      description = "the time of its use, exactly as the ledger has it: 2027-01-31T09:30:00.123Z")
  private String occurredAt = "";

  @Option(
      names = "--usage",
      paramLabel = "AMOUNT",
      required = true,
      converter = Amount.class,
      description = "what the event should amount to; 0 cancels it")
  private BigDecimal usage = BigDecimal.ZERO;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "1 to 256 characters; the app can read it")
  private String reason = "";

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("stream", stream.toString()).put("seq", seq).put("occurredAt", occurredAt);
    // As a text: a JSON number would be a double on the way.
    body.put("usage", usage.toPlainString()).put("reason", reason);
    JsonNode answer =
        remote.http().change("/corrections", body.toString().getBytes(StandardCharsets.UTF_8));
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? JsonLines.of(answer) : sentence(answer));
    out.flush();
  }

  private static String sentence(JsonNode answer) {
    String status = answer.path("status").asText();
    String amounts = "the event amounts to " + answer.path("usage").asText();
    JsonNode made = answer.path("correction");
    return Text.printable(
        made.isMissingNode()
            ? status + ": " + amounts + " already"
            : status
                + ": "
                + amounts
                + " now, the difference is "
                + made.path("difference").asText());
  }
}
