package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing quotas grant}. */
@Command(
    name = "grant",
    description = "Adds to a quota until a moment, over HTTP; with a token to write.",
    mixinStandardHelpOptions = true,
    // The example is of one line, to be copied.
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer =
        "  billing quotas grant key/KEY_ID/tokens --amount 5000 --until 2027-02-01T00:00:00Z"
            + " --reason 'ticket 4711'")
final class QuotasGrantCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "QUOTA", description = "as quotas list shows it")
  private String quota = "";

  @Option(
      names = "--amount",
      paramLabel = "AMOUNT",
      required = true,
      converter = Amount.class,
      description = "how much more may be used, above 0")
  private BigDecimal amount = BigDecimal.ZERO;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      required = true,
      description = "when it ends: 2027-02-01T00:00:00Z")
  private String until = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "1 to 256 characters; kept with it")
  private String reason = "";

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    // As a text: a JSON number would be a double on the way.
    body.put("quota", quota).put("amount", amount.toPlainString());
    body.put("until", until).put("reason", reason);
    JsonNode answer =
        remote.http().change("/quotas/grant", body.toString().getBytes(StandardCharsets.UTF_8));
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        json
            ? JsonLines.of(answer)
            : Text.printable(
                "granted "
                    + answer.path("amount").asText()
                    + " more of "
                    + answer.path("quota").asText()
                    + " until "
                    + answer.path("until").asText()));
    out.flush();
  }
}
