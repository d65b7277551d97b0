package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing anomalies …}. */
@Command(
    name = "anomalies",
    description = "Lists unusual usage and cost, and takes the word that it is expected.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing anomalies list --state confirmed",
      "  billing anomalies expect 17 --reason 'a campaign'"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class AnomaliesCommand {
  private static final int TEXT = 80;

  @Command(
      name = "list",
      description = "Lists anomalies, the latest first, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      usageHelpWidth = 160,
      footerHeading = "%nExamples:%n",
      footer = "  billing anomalies list --state confirmed")
  void list(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "provisional, confirmed, expected or resolved; default: all")
          @Nullable String state) {
    Columns columns =
        new Columns()
            .number("id", "id")
            .whole("state", "state")
            .whole("measure", "measure")
            .whole("of", "by")
            .text("name", "name", TEXT)
            .whole("by", "size")
            .whole("kind", "kind")
            .whole("direction", "direction")
            .whole("since", "onset")
            .whole("part of", "partOf")
            .text("figures", "sentence", TEXT * 2);
    list.print(remote.http(), "/anomalies", new Query().with("state", state), columns);
  }

  @Command(
      name = "expect",
      description = {
        "Says that an anomaly is expected: it is over for people, and stays quiet.",
        "Over HTTP; with a token to write."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing anomalies expect 17 --reason 'a campaign'")
  void expect(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "ID", description = "as anomalies list shows it") String id,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "kept with the anomaly")
          String reason) {
    byte[] body = BillingHttp.bytes(BillingHttp.JSON.createObjectNode().put("reason", reason));
    String path = "/anomalies/" + Query.segment(id) + "/expected";
    JsonNode answer = remote.http().change(path, body);
    if (shown.isJson()) {
      shown.print(answer);
    } else {
      shown.line(answer.path("id").asText() + ": " + answer.path("state").asText());
    }
  }
}
