package io.billingsdk.server.broker;

import io.billingsdk.broker.RefusedClient;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Says in the log what clients of the own broker were refused, and why. The same is said once a
 * minute with how often it happened, and no more than {@value #MOST_LINES} lines a minute, so that
 * a client that comes again and again does not fill the disk. Never a password. Thread-safe.
 */
final class RefusedClientLog implements Consumer<RefusedClient> {
  static final int MOST_LINES = 30;

  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final int SHOWN_CHARS = 120;

  /** Whoever takes the one field for the other sends a password or a key as user name. */
  private static final Pattern SECRET =
      Pattern.compile("[0-9a-fA-F]{32,}|b[kt]_[A-Za-z0-9_-]{4,}", Pattern.CASE_INSENSITIVE);

  private final Consumer<String> lines;
  private final Predicate<String> revoked;
  private final LongSupplier nanos;

  // Guarded by this.
  private final Map<String, Said> said = new LinkedHashMap<>();
  private long minuteBegan;
  private int saidInMinute;
  private long unsaid;

  /** What was said, when, and how often it happened since. */
  private static final class Said {
    private final long at;
    private long more;

    Said(long at) {
      this.at = at;
    }
  }

  /**
   * Over a log.
   *
   * @param lines takes a line
   * @param revoked whether an instance of a name was there once, and was revoked
   * @param nanos a clock that never goes back
   */
  RefusedClientLog(Consumer<String> lines, Predicate<String> revoked, LongSupplier nanos) {
    this.lines = lines;
    this.revoked = revoked;
    this.nanos = nanos;
    this.minuteBegan = nanos.getAsLong();
  }

  @Override
  public void accept(RefusedClient refused) {
    String line = text(refused);
    synchronized (this) {
      Said before = said.get(line);
      if (before != null) {
        before.more++;
        return;
      }
      if (saidInMinute >= MOST_LINES) {
        unsaid++;
        return;
      }
      saidInMinute++;
      said.put(line, new Said(nanos.getAsLong()));
    }
    lines.accept(line);
  }

  /** Says what has become due; to be called every second or so. */
  void tick() {
    due().forEach(lines);
  }

  private synchronized List<String> due() {
    long now = nanos.getAsLong();
    List<String> due = new ArrayList<>();
    Iterator<Map.Entry<String, Said>> each = said.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, Said> next = each.next();
      if (now - next.getValue().at >= MINUTE_NANOS) {
        if (next.getValue().more > 0) {
          due.add(next.getKey() + " (" + next.getValue().more + " more times within a minute)");
        }
        each.remove();
      }
    }
    if (now - minuteBegan >= MINUTE_NANOS) {
      if (unsaid > 0) {
        due.add(unsaid + " more clients were refused within a minute, which is not shown");
      }
      minuteBegan = now;
      saidInMinute = 0;
      unsaid = 0;
    }
    return due;
  }

  // Without the client id, where it is not the reason: one that is new each time would be said each
  // time.
  private String text(RefusedClient refused) {
    String user = shown(refused.user());
    String why =
        switch (refused.reason()) {
          case UNKNOWN_USER -> unknown(refused.user());
          case WRONG_PASSWORD -> "the password of user " + user + " is wrong or missing";
          case CLIENT_ID ->
              "user "
                  + user
                  + " may connect under the client id "
                  + user
                  + " alone, and not as "
                  + shown(refused.clientId());
          case PUBLISH -> "user " + user + " may not publish to " + shown(refused.subject());
          case SUBSCRIBE -> "user " + user + " may not subscribe to " + shown(refused.subject());
        };
    return "a client from " + refused.address() + " was refused: " + why;
  }

  private String unknown(String user) {
    if (user.isEmpty()) {
      return "it gave no user name";
    }
    return revoked.test(user)
        ? "user " + shown(user) + " is an instance that was revoked"
        : "user " + shown(user) + " is not known; 'instance create' makes an instance";
  }

  /** What a client sent: cut, without line breaks, and without what looks like a secret. */
  private static String shown(String sent) {
    String plain = SECRET.matcher(sent.replaceAll("[^\\x21-\\x7E]", "?")).replaceAll("***");
    return plain.length() <= SHOWN_CHARS ? plain : plain.substring(0, SHOWN_CHARS) + "…";
  }
}
