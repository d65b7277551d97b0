package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing bank …}. */
@Command(
    name = "bank",
    description = "Takes statements of banks in, and matches transfers with invoices.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing bank import statement.xml --iban DE89370400440532013000",
      "  billing bank lines --state unmatched"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class BankCommand {
  private static final int TEXT = 40;
  private static final long MOST_BYTES = 200_000;
  private static final String FINANCE = "Over HTTP; with a token of the scope finance.";
  private static final String LINE = "as bank lines shows it";

  @Command(
      name = "accounts",
      description = "Lists the accounts of sellers, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing bank accounts")
  void accounts(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .whole("iban", "iban")
            .text("seller", "sellerId", TEXT)
            .whole("currency", "currency");
    list.print(remote.http(), "/bank-accounts", new Query(), columns);
  }

  @Command(
      name = "add",
      description = {"Adds an account of a seller.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing bank add DE89370400440532013000 --seller acme --currency EUR")
  void add(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "IBAN", description = "with its check digits") String iban,
      @Option(names = "--seller", paramLabel = "SELLER", required = true, description = "whose")
          String seller,
      @Option(names = "--currency", paramLabel = "CODE", required = true, description = "its own")
          String currency) {
    ObjectNode body =
        BillingHttp.JSON
            .createObjectNode()
            .put("iban", iban)
            .put("sellerId", seller)
            .put("currency", currency);
    shown.print(remote.http().change("/bank-accounts", BillingHttp.bytes(body)));
  }

  @Command(
      name = "import",
      description = {
        "Takes a statement in: camt.053 (a file whose name ends with .xml) or CSV with the columns"
            + " date, amount, currency, payer, text and id. All of it, or nothing.",
        "Its lines are matched within seconds: see bank lines. The same line has effect once, also"
            + " in another file. "
            + FINANCE
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing bank import statement.xml --iban DE89370400440532013000")
  void take(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "FILE", description = "in UTF-8, of at most 200,000 bytes")
          Path file,
      @Option(names = "--iban", paramLabel = "IBAN", required = true, description = "the account")
          String iban) {
    String name = String.valueOf(file.getFileName());
    ObjectNode body =
        BillingHttp.JSON
            .createObjectNode()
            .put("iban", iban)
            .put("format", name.endsWith(".xml") ? "camt053" : "csv")
            .put("content", content(file));
    shown.print(remote.http().change("/bank-statements", BillingHttp.bytes(body)));
  }

  private static String content(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CommandException(
            file + " has more than 200,000 bytes; export fewer days into one file");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new CommandException(file + " cannot be read as UTF-8; is the path right?");
    }
  }

  @Command(
      name = "lines",
      description = "Lists lines of statements, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing bank lines --state unmatched")
  void lines(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "waiting, matched, unmatched or ignored; default: all")
          @Nullable String state) {
    Columns columns =
        new Columns()
            .whole("line", "lineId")
            .whole("booked", "bookedOn")
            .whole("currency", "currency")
            .number("amount", "amount")
            .text("payer", "payer", TEXT)
            .text("text", "remittance", TEXT)
            .whole("state", "state")
            .text("reason", "reason", TEXT);
    list.print(remote.http(), "/bank-lines", new Query().with("state", state), columns);
  }

  @Command(
      name = "assign",
      description = {"Says whose an unmatched line is; it becomes a payment.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing bank assign 17 --customer acme --invoice acme-000001")
  void assign(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "LINE", description = LINE) String line,
      @Option(names = "--customer", paramLabel = "CUSTOMER", required = true, description = "whose")
          String customer,
      @Option(
              names = "--invoice",
              paramLabel = "NUMBER",
              description = "an invoice that it is for; repeatable")
          @Nullable List<String> invoices) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("customerId", customer);
    PaymentsCommand.numbers(body, invoices);
    shown.print(remote.http().change(at(line, "/assignment"), BillingHttp.bytes(body)));
  }

  @Command(
      name = "ignore",
      description = {"Says that an unmatched line is no payment of a customer.", FINANCE},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing bank ignore 18 --reason interest")
  void ignore(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "LINE", description = LINE) String line,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "for the audit log")
          String reason) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("reason", reason);
    shown.print(remote.http().change(at(line, "/ignore"), BillingHttp.bytes(body)));
  }

  private static String at(String line, String what) {
    return "/bank-lines/" + Query.segment(line) + what;
  }
}
