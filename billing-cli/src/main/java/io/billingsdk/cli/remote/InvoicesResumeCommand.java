package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.WrongOptionException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code billing invoices resume}. */
@Command(
    name = "resume",
    description = {
      "After a restore, issues invoices again, with numbers after those that you sent out.",
      "Without it nothing is issued, since a number would be used twice. Over HTTP; with a token of"
          + " the scope finance."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  billing invoices resume --last-number acme=1204 --last-number acme+EU=17")
final class InvoicesResumeCommand implements Runnable {
  private static final String FORM = "[A-Za-z0-9_.+-]{1,81}=[0-9]{1,12}";

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private ShownItem shown = new ShownItem();

  @Option(
      names = "--last-number",
      paramLabel = "SERIES=N",
      description = "the last number that was sent out of a series; repeatable, one for each")
  private List<String> numbers = List.of();

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    ArrayNode list = body.putArray("lastNumbers");
    for (String each : numbers) {
      if (!each.matches(FORM)) {
        throw new WrongOptionException(
            "--last-number must be SERIES=N, such as acme=1204, but was " + Text.printable(each));
      }
      int equals = each.indexOf('=');
      list.addObject()
          .put("series", each.substring(0, equals))
          .put("number", Long.parseLong(each.substring(equals + 1)));
    }
    shown.print(remote.http().change("/invoices/resume", BillingHttp.bytes(body)));
  }
}
