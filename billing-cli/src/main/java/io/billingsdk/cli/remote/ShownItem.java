package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One object of the API is shown: in lines, or as it is. */
final class ShownItem {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  void print(JsonNode item) {
    PrintWriter out = spec.commandLine().getOut();
    ListOptions.printOne(item, json, out);
    out.flush();
  }

  boolean isJson() {
    return json;
  }

  /** Prints a line, unless JSON is wanted. */
  void line(String text) {
    spec.commandLine().getOut().println(Text.printable(text));
    spec.commandLine().getOut().flush();
  }
}
