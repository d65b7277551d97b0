package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.common.ShownText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing invoices documents NUMBER}. */
@Command(
    name = "documents",
    description = {
      "Shows which documents of an invoice are stored, with its reminders, or downloads them, over"
          + " HTTP; with a token to read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing invoices documents acme-000001",
      "  billing invoices documents acme-000001 --out invoices"
    })
final class InvoicesDocumentsCommand implements Runnable {
  /** How the file of each kind ends; other kinds of a newer server are not downloaded. */
  private static final Map<String, String> ENDS =
      new TreeMap<>(Map.of("pdf", ".pdf", "ubl", "-ubl.xml", "cii", "-cii.xml"));

  private static final Pattern REMINDER = Pattern.compile("reminder-[a-z0-9_]{1,32}");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "NUMBER", description = "as invoices list shows it")
  private String id = "";

  @Option(
      names = "--out",
      paramLabel = "DIRECTORY",
      description = "download into this directory; it is made when absent")
  private @Nullable Path directory;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    BillingHttp http = remote.http();
    String path = "/invoices/" + Query.segment(id) + "/documents";
    JsonNode found = http.get(path, new Query());
    PrintWriter out = spec.commandLine().getOut();
    if (directory == null || json) {
      ListOptions.printOne(found, json, out);
    }
    if (directory != null) {
      for (JsonNode each : found.path("documents")) {
        String kind = each.path("kind").asText();
        @Nullable String end = end(kind);
        if (end != null) {
          Path file = directory.resolve(fileName() + end);
          Download.to(http, path + "/" + kind, new Query(), file);
          out.println(ShownText.of(file.toString()));
        }
      }
    }
    out.flush();
    faults(found);
  }

  private static @Nullable String end(String kind) {
    return REMINDER.matcher(kind).matches() ? "-" + kind + ".pdf" : ENDS.get(kind);
  }

  /** A number of another place must not lead out of the directory. */
  private String fileName() {
    return id.replaceAll("[^A-Za-z0-9._~-]", "_");
  }

  private void faults(JsonNode found) {
    PrintWriter err = spec.commandLine().getErr();
    for (JsonNode fault : found.path("faults")) {
      String kind = ShownText.of(fault.path("kind").asText());
      err.println("billing: no " + kind + ": " + ShownText.of(fault.path("reason").asText()));
    }
    err.flush();
  }
}
