package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.invoices.InvoiceCheck;
import io.billingsdk.server.invoices.InvoiceCheck.CheckedInvoice;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing verify-invoice FILE --events FILE}. */
@Command(
    name = "verify-invoice",
    description = {
      "Reckons an invoice again from the events behind it, both as files; asks no server.",
      "Exits with 3 if something differs."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:all is the same",
      "2:wrong usage",
      "3:something differs, or refused or not possible: then stderr has the reason"
    },
    footerHeading = "%nExamples:%n",
    footer = "  billing verify-invoice invoice.json --events events.jsonl")
final class VerifyInvoiceCommand implements Callable<Integer> {
  private static final int DIFFERENT = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "the document, as the API gives it")
  private Path file = Path.of("");

  @Option(
      names = "--events",
      paramLabel = "FILE",
      required = true,
      description = "the list that invoices events prints")
  private Path events = Path.of("");

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() {
    CheckedInvoice checked = checked();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonLines.of(object(checked)));
    } else {
      checked.differences().forEach(each -> out.println(Text.printable("differs: " + each)));
      checked.unchecked().forEach(each -> out.println(Text.printable("not checked: " + each)));
      out.println(
          Text.printable(
              "%s: %d lines reckoned again from %d events, %d differences"
                  .formatted(
                      checked.number(),
                      checked.lines(),
                      checked.events(),
                      checked.differences().size())));
    }
    out.flush();
    return checked.differences().isEmpty() ? 0 : DIFFERENT;
  }

  private CheckedInvoice checked() {
    try (Stream<String> lines = Files.lines(events)) {
      return InvoiceCheck.check(Files.readString(file), lines);
    } catch (IOException | UncheckedIOException unreadable) {
      throw new CommandException(
          "cannot read the files; give two files in UTF-8 that are there: "
              + Text.printable(String.valueOf(unreadable.getMessage())),
          unreadable);
    } catch (RequestRefusedException refused) {
      throw new CommandException(
          Text.printable(String.valueOf(refused.getMessage())) + "; export both files again",
          refused);
    }
  }

  private static ObjectNode object(CheckedInvoice checked) {
    ObjectNode object =
        BillingHttp.JSON
            .createObjectNode()
            .put("number", checked.number())
            .put("lines", checked.lines())
            .put("events", checked.events());
    ArrayNode differences = object.putArray("differences");
    checked.differences().forEach(differences::add);
    ArrayNode unchecked = object.putArray("unchecked");
    checked.unchecked().forEach(unchecked::add);
    return object;
  }
}
