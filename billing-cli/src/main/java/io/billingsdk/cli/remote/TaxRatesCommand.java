package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Table;
import io.billingsdk.cli.console.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing tax rates}. */
@Command(
    name = "rates",
    description =
        "Shows the table of rates that counts, with its sources, over HTTP; with a token to read.",
    mixinStandardHelpOptions = true,
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer = "  billing tax rates --country EE")
final class TaxRatesCommand implements Runnable {
  private static final int SOURCE = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(names = "--country", paramLabel = "CODE", description = "only of this one: EE")
  private @Nullable String country;

  @Option(names = "--json", description = "print one JSON object a line, as the API has it")
  private boolean json;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    JsonNode found = remote.http().get("/tax/rates", new Query().with("country", country));
    if (json) {
      found.path("items").forEach(each -> out.println(JsonLines.of(each)));
    } else {
      Columns columns =
          new Columns()
              .whole("country", "country")
              .whole("region", "region")
              .number("percent", "percent")
              .whole("components", "components")
              .whole("from", "validFrom")
              .whole("to", "validTo")
              .text("source", "source", SOURCE);
      Table table = columns.table(Terminal.ofProcess());
      found.path("items").forEach(each -> table.row(columns.of(shown(each)).toArray()));
      table.print(out);
      out.println(Text.printable("edition " + found.path("edition").asText()));
    }
    out.flush();
  }

  /** The components as one text: GST 5, PST 7. */
  private static JsonNode shown(JsonNode row) {
    if (!(row instanceof ObjectNode all) || !row.path("components").isArray()) {
      return row;
    }
    List<String> components = new ArrayList<>();
    row.path("components")
        .forEach(
            each ->
                components.add(
                    each.path("name").asText("") + " " + each.path("percent").asText("")));
    return all.deepCopy().put("components", String.join(", ", components));
  }
}
