package io.billingsdk.server.notifications;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.notifications.MailLog.Mail;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one owner: a customer, or the operator, whose name is empty; and its mails.
 * Thread-safe.
 */
final class MailRecipients {
  static final int MOST = 20;

  private static final List<String> LOCALES = List.of("en", "zh-CN");

  private final Database database;
  private final Actor actor;
  private final String owner;
  private final InstantSource clock;

  MailRecipients(Database database, Actor actor, String owner, InstantSource clock) {
    this.database = database;
    this.actor = actor;
    this.owner = owner;
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Adds an address.
   *
   * @param locale of its mails; null: that of the customer
   */
  MailRecipient add(String address, List<String> kinds, @Nullable String locale) {
    MailRecipient made =
        new MailRecipient(
            UUID.randomUUID(),
            owner,
            MailAddress.require(address),
            KindPatterns.require(kinds),
            List.of(),
            requireLocale(locale),
            now());
    return database.inTransaction(
        handle -> {
          requireOwner(handle);
          OwnerLock.hold(handle, owner);
          if (RecipientRows.of(handle, owner).size() >= MOST) {
            throw RequestRefusedException.conflict(
                "address", "there are " + MOST + " addresses already; remove one");
          }
          if (!RecipientRows.insert(handle, made)) {
            throw RequestRefusedException.conflict(
                "address", "the address is there already; change its kinds");
          }
          // It has the kinds that its reader has ended, if it was here before.
          MailRecipient added = locked(handle, made.id());
          AuditLog.write(
              handle, actor, "mail_recipient.add", made.id().toString(), null, shown(added));
          return added;
        });
  }

  private static @Nullable String requireLocale(@Nullable String locale) {
    if (locale != null && !LOCALES.contains(locale)) {
      throw RequestRefusedException.invalid("locale", String.join(" or ", LOCALES));
    }
    return locale;
  }

  private void requireOwner(Handle handle) {
    if (!owner.isEmpty()) {
      var unused = new Customers(database.within(handle), actor).require(owner);
    }
  }

  /** All of them, by address. */
  List<MailRecipient> all() {
    return database.read(
        handle -> {
          requireOwner(handle);
          return RecipientRows.of(handle, owner);
        });
  }

  /** Changes the kinds; those that the reader has ended by a link stay ended. */
  MailRecipient change(UUID id, List<String> kinds, @Nullable String locale) {
    List<String> wanted = KindPatterns.require(kinds);
    String checked = requireLocale(locale);
    return audited(
        "mail_recipient.change",
        id,
        old ->
            new MailRecipient(
                id, owner, old.address(), wanted, old.muted(), checked, old.createdAt()));
  }

  private MailRecipient audited(String action, UUID id, UnaryOperator<MailRecipient> change) {
    return database.inTransaction(
        handle -> {
          MailRecipient old = locked(handle, id);
          MailRecipient changed = change.apply(old);
          RecipientRows.update(handle, changed);
          AuditLog.write(handle, actor, action, id.toString(), shown(old), shown(changed));
          return changed;
        });
  }

  /** Removes an address; what waits for it is not sent. */
  void remove(UUID id) {
    database.useTransaction(
        handle -> {
          MailRecipient old = locked(handle, id);
          RecipientRows.remove(handle, id);
          MailLog.drop(handle, id, now());
          AuditLog.write(handle, actor, "mail_recipient.remove", id.toString(), shown(old), null);
        });
  }

  private MailRecipient locked(Handle handle, UUID id) {
    return RecipientRows.lock(handle, id)
        .filter(each -> each.customer().equals(owner))
        .orElseThrow(
            () -> RequestRefusedException.notFound("recipientId", "there is no recipient " + id));
  }

  /** Mails, the latest first; the operator's are all. */
  List<Mail> mails(long below, @Nullable String state, int most) {
    return database.read(
        handle -> {
          requireOwner(handle);
          return MailLog.before(handle, owner, below, state, most);
        });
  }

  /** Sends a mail again, with the Message-ID that it had. */
  void replay(UUID mail) {
    database.useTransaction(
        handle -> {
          if (!MailLog.replay(handle, owner, mail, now())) {
            throw notReplayed();
          }
          AuditLog.write(handle, actor, "mail.replay", mail.toString(), null, Map.of());
        });
  }

  private RequestRefusedException notReplayed() {
    return RequestRefusedException.notFound(
        "mailId",
        owner.isEmpty()
            ? "there is no such mail, or it is under way, or its address does not want it"
            : "there is no such mail that is unsure or dead and that its address wants; or it was"
                + " sent again "
                + MailLog.MOST_REPLAYS
                + " times within 24 hours");
  }

  /**
   * Ends the mails of a kind to an address, of any owner: its reader has asked for it by a link.
   * Those that wait are not sent.
   *
   * @return the address; empty when it was removed
   */
  static Optional<MailRecipient> mute(Database database, UUID id, NoticeKind kind, Instant now) {
    Actor reader = new Actor("unsubscribe-link");
    return database.inTransaction(
        handle -> {
          Optional<MailRecipient> found = RecipientRows.lock(handle, id);
          if (found.isPresent() && !found.get().muted().contains(kind.text())) {
            MailRecipient old = found.get();
            List<String> muted = new ArrayList<>(old.muted());
            muted.add(kind.text());
            MailRecipient changed =
                new MailRecipient(
                    id,
                    old.customer(),
                    old.address(),
                    old.kinds(),
                    muted,
                    old.locale(),
                    old.createdAt());
            RecipientRows.update(handle, changed);
            MailLog.mute(handle, id, kind, now);
            AuditLog.write(
                handle, reader, "mail_recipient.mute", id.toString(), shown(old), shown(changed));
          }
          return found;
        });
  }

  /** Without the address: the audit log is kept for ever. */
  private static Map<String, @Nullable Object> shown(MailRecipient recipient) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("customerId", recipient.customer().isEmpty() ? null : recipient.customer());
    shown.put("kinds", recipient.kinds());
    shown.put("muted", recipient.muted());
    shown.put("locale", recipient.locale());
    return shown;
  }
}
