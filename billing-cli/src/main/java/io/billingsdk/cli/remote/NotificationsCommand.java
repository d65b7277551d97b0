package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing notifications …}. */
@Command(
    name = "notifications",
    description = "Shows the kinds of notices, and shows and changes who is mailed about them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing notifications kinds",
      "  billing notifications add ops@example.com --customer acme --kind 'quota.*'"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class NotificationsCommand {
  private static final int ADDRESS = 40;
  private static final int PROBLEM = 60;
  private static final String ID = "as notifications recipients shows it";
  private static final String KINDS = "such as key.blocked, quota.* or *; repeatable";

  @Command(
      name = "kinds",
      description = "Lists the kinds of notices, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing notifications kinds")
  void kinds(@Mixin RemoteOptions remote, @Mixin ShownItem shown) {
    var answer = remote.http().get("/notifications/kinds", new Query());
    if (shown.isJson()) {
      shown.print(answer);
      return;
    }
    for (var each : answer.path("items")) {
      boolean mandatory = each.path("mandatory").asBoolean();
      shown.line(each.path("kind").asText() + (mandatory ? "  mandatory" : ""));
    }
  }

  @Command(
      name = "recipients",
      description = "Lists the addresses that are mailed, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing notifications recipients --customer acme")
  void recipients(
      @Mixin RemoteOptions remote, @Mixin ListOptions list, @Mixin NotificationOwner owner) {
    Columns columns =
        new Columns()
            .whole("recipient", "recipientId")
            .text("address", "address", ADDRESS)
            .whole("locale", "locale");
    list.print(remote.http(), owner.at("/notifications/recipients"), new Query(), columns);
  }

  @Command(
      name = "add",
      description = {
        "Adds an address.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing notifications add ops@example.com --customer acme --kind 'quota.*'")
  void add(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "ADDRESS", description = "an address of mail") String address,
      @Option(names = "--kind", paramLabel = "KIND", description = KINDS + "; default: *")
          @Nullable List<String> kinds,
      @Option(
              names = "--locale",
              paramLabel = "TAG",
              description = "en or zh-CN; default: that of the customer")
          @Nullable String locale) {
    ObjectNode body = BillingHttp.JSON.createObjectNode().put("address", address);
    NotificationOwner.kinds(body, kinds);
    CustomersCommand.put(body, "locale", locale);
    shown.print(
        remote.http().change(owner.at("/notifications/recipients"), BillingHttp.bytes(body)));
  }

  @Command(
      name = "change",
      description = {
        "Changes the kinds of an address. Kinds that its reader has ended stay ended.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing notifications change RECIPIENT --kind 'quota.*' --kind key.blocked")
  void change(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "RECIPIENT", description = ID) String recipient,
      @Option(names = "--kind", paramLabel = "KIND", required = true, description = KINDS)
          List<String> kinds,
      @Option(
              names = "--locale",
              paramLabel = "TAG",
              description = "en or zh-CN; default: that of the customer")
          @Nullable String locale) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    NotificationOwner.kinds(body, kinds);
    CustomersCommand.put(body, "locale", locale);
    shown.print(remote.http().change("PATCH", at(owner, recipient), BillingHttp.bytes(body)));
  }

  @Command(
      name = "remove",
      description = {
        "Removes an address; what waits for it is not sent.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing notifications remove RECIPIENT")
  void remove(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "RECIPIENT", description = ID) String recipient) {
    shown.print(remote.http().change("DELETE", at(owner, recipient), null));
  }

  @Command(
      name = "mails",
      description = "Lists mails, the latest first, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing notifications mails --state dead")
  void mails(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Mixin NotificationOwner owner,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "pending, sending, sent, unsure or dead; default: all")
          @Nullable String state) {
    Columns columns =
        new Columns()
            .whole("mail", "mailId")
            .whole("kind", "kind")
            .whole("customer", "customerId")
            .text("address", "address", ADDRESS)
            .whole("state", "state")
            .number("attempts", "attempts")
            .text("problem", "problem", PROBLEM);
    list.print(
        remote.http(), owner.at("/notifications/mails"), new Query().with("state", state), columns);
  }

  @Command(
      name = "replay",
      description = {
        "Sends a mail again, with the Message-ID that it had. With --customer: one that is unsure"
            + " or dead, at most 3 times in 24 hours.",
        "Over HTTP; with a token of the scope admin, finance for one of a customer, or one of the"
            + " customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing notifications replay MAIL --customer acme")
  void replay(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Mixin NotificationOwner owner,
      @Parameters(paramLabel = "MAIL", description = "as notifications mails shows it")
          String mail) {
    shown.print(
        remote
            .http()
            .change(owner.at("/notifications/mails/" + BillingHttp.part(mail) + "/replay"), null));
  }

  private static String at(NotificationOwner owner, String recipient) {
    return owner.at("/notifications/recipients/" + BillingHttp.part(recipient));
  }
}
