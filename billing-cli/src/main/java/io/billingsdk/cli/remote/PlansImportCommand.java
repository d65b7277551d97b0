package io.billingsdk.cli.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.catalog.PlanFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing plans import FILE}. */
@Command(
    name = "import",
    description = {
      "Brings meters and plans to what a file says: all of it, or nothing.",
      "Without --publish, plans that changed become drafts. Done twice, the second time changes"
          + " nothing.",
      "Over HTTP; with a token of the scope catalog."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing plans import plans.yaml --publish --dry-run",
      "  billing plans import plans.yaml --publish --valid-from 2027-04-01T00:00:00Z"
    })
final class PlansImportCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "FILE", description = "a plan file, in YAML or JSON")
  private Path file = Path.of("");

  @Option(names = "--publish", description = "publish the plans that changed")
  private boolean publish;

  @Option(
      names = "--valid-from",
      paramLabel = "TIME",
      description = "of what is published: 2027-04-01T00:00:00Z; default: now")
  private @Nullable String validFrom;

  @Option(names = "--dry-run", description = "say what would happen, and change nothing")
  private boolean dryRun;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.set("file", tree(PlanFile.parse(PlanFileText.read(file)).json()));
    body.put("publish", publish).put("dryRun", dryRun);
    CustomersCommand.put(body, "validFrom", validFrom);
    JsonNode answer = remote.http().change("/plans/import", BillingHttp.bytes(body));
    if (shown.isJson()) {
      shown.print(answer);
      return;
    }
    answer.path("items").forEach(this::print);
    if (dryRun) {
      shown.line("nothing was changed: --dry-run");
    }
  }

  private void print(JsonNode item) {
    shown.line(
        item.path("kind").asText()
            + " "
            + item.path("id").asText()
            + ": "
            + item.path("outcome").asText()
            + (item.has("version") ? ", version " + item.path("version").asText() : ""));
    // Of what is new each field would be a line.
    if (!isNew(item)) {
      item.path("changes").forEach(each -> shown.line("  " + PlansDiffCommand.line(each)));
    }
  }

  private static boolean isNew(JsonNode item) {
    for (JsonNode each : item.path("changes")) {
      String field = each.path("field").asText();
      if (!each.has("before") && (field.equals("plan") || field.equals("slug"))) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode tree(String json) {
    try {
      return BillingHttp.JSON.readTree(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a plan file is written as no JSON", impossible);
    }
  }
}
