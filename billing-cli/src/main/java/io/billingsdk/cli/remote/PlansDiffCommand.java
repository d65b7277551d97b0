package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.Whole;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing plans diff PLAN}. */
@Command(
    name = "diff",
    description = {
      "Shows how a version of a plan differs from another one, or from the draft.",
      "Over HTTP; with a token to read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  billing plans diff pro --from 1 --to 2", "  billing plans diff pro --from 2"})
final class PlansDiffCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "PLAN", description = "the id")
  private String plan = "";

  @Option(
      names = "--from",
      paramLabel = "N",
      required = true,
      converter = Whole.Count.class,
      description = "the older version")
  private long from;

  @Option(
      names = "--to",
      paramLabel = "N",
      converter = Whole.Count.class,
      description = "the newer version; default: the draft")
  private @Nullable Long to;

  @Override
  public void run() {
    JsonNode answer =
        remote
            .http()
            .get(PlansCommand.at(plan) + "/diff", new Query().with("from", from).with("to", to));
    if (shown.isJson()) {
      shown.print(answer);
      return;
    }
    if (answer.path("changes").isEmpty()) {
      shown.line("they say the same");
    }
    answer.path("changes").forEach(each -> shown.line(line(each)));
  }

  /** {@code + field: new}, {@code - field: old}, {@code ~ field: old -> new}. */
  static String line(JsonNode change) {
    String field = change.path("field").asText();
    if (!change.has("before")) {
      return "+ " + field + ": " + change.path("after").asText();
    }
    return change.has("after")
        ? "~ "
            + field
            + ": "
            + change.path("before").asText()
            + " -> "
            + change.path("after").asText()
        : "- " + field + ": " + change.path("before").asText();
  }
}
