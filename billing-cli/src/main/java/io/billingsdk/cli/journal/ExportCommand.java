package io.billingsdk.cli.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.AsciiJson;
import io.billingsdk.cli.console.Progress;
import io.billingsdk.cli.console.Terminal;
import io.billingsdk.journal.JournalEvent;
import io.billingsdk.journal.StoredJournal;
import io.billingsdk.protocol.KeyMask;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing journal export DIR}. */
@Command(
    name = "export",
    description = {
      "Writes the pending events to standard output, a JSON object a line. API keys are masked.",
      "Changes nothing."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing journal export ./billing-journal > events.ndjson",
      "  billing journal export ./billing-journal --all"
    })
final class ExportCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "the journal's directory")
  private Path directory = Path.of("billing-journal");

  @Option(names = "--all", description = "also the events that were delivered already")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    StoredJournal journal = StoredJournal.in(JournalDirectory.checked(directory, spec));
    boolean isSeen = Terminal.ofProcess().out();
    try (Progress progress = Progress.of("events", spec.commandLine().getErr())) {
      journal.export(
          stored -> {
            if (all || !stored.settled()) {
              out.println(line(stored));
              // On the terminal of the lines it would be in their way.
              if (!isSeen) {
                progress.add(1);
              }
            }
          });
    }
    out.flush();
    return 0;
  }

  private static String line(JournalEvent stored) {
    byte[] json = stored.json();
    ObjectNode line = JSON.createObjectNode();
    line.put("stream", stored.stream().toString()).put("seq", stored.seq());
    line.put("delivered", stored.settled());
    try {
      JsonNode event = KeyMask.masked(JSON.readTree(json));
      event
          .properties()
          .forEach(
              field -> {
                if (!field.getKey().equals("api_key")) {
                  line.set(field.getKey(), field.getValue());
                }
              });
      line.put("api_key", "***");
    } catch (IOException unreadable) {
      line.put("unreadable", json.length + " bytes that are not JSON");
    }
    return AsciiJson.line(line);
  }
}
