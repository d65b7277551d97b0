package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Whole;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing invoices credit NUMBER}. */
@Command(
    name = "credit",
    description = {
      "Credits parts of the lines of an invoice, over HTTP; with a finance token.",
      "A credit note lowers what is open of the invoice; more than that becomes account credit of"
          + " the customer. It is never above what is left of a line."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices credit acme-000001 --line 2 --amount 5.00 --reason goodwill")
final class InvoicesCreditCommand implements Runnable {
  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Parameters(paramLabel = "NUMBER", description = "as invoices list shows it")
  private String number = "";

  @Option(
      names = "--line",
      paramLabel = "N",
      required = true,
      converter = Whole.Line.class,
      description = "a line, from 1; repeatable, each with an --amount")
  private List<Long> lines = List.of();

  @Option(
      names = "--amount",
      paramLabel = "AMOUNT",
      required = true,
      description = "without tax, and before the discount of the invoice: 5.00")
  private List<String> amounts = List.of();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "why; it stands in the credit note")
  private String reason = "";

  @Override
  public void run() {
    if (lines.size() != amounts.size()) {
      throw new CommandException(
          "there are "
              + lines.size()
              + " --line and "
              + amounts.size()
              + " --amount; give each line its amount");
    }
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    ArrayNode parts = body.putArray("lines");
    for (int i = 0; i < lines.size(); i++) {
      parts.addObject().put("line", lines.get(i)).put("amount", amounts.get(i));
    }
    body.put("reason", reason);
    String path = "/invoices/" + Query.segment(number) + "/credit-notes";
    shown.print(remote.http().change(path, BillingHttp.bytes(body)));
  }
}
