package io.billingsdk.server.customers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.access.KnownApp;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.customers.CustomerAppRows.LastRow;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Who pays, and for which apps. An app is one customer's at each moment; its past customers stay
 * known. Thread-safe.
 */
public final class Customers {
  /** Events that say so: whose an app is has changed. Their subject is {@code app/ID}. */
  public static final String APP_MOVED = "customer.app_moved";

  /**
   * Events that say so: the days of a customer begin in another zone. Subject {@code customer/ID}.
   */
  public static final String ZONE_CHANGED = "customer.zone_changed";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final Actor actor;
  private final InstantSource clock;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public Customers(Database database, Actor actor) {
    this(database, actor, InstantSource.system());
  }

  /** The same with another clock. */
  public Customers(Database database, Actor actor, InstantSource clock) {
    this.database = database;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * A customer that is to be.
   *
   * @param zone its id as it was given
   * @param testClock the first moment of a clock of its own; null: it lives by the server's clock
   */
  public record NewCustomer(
      String id,
      String name,
      String currency,
      String zone,
      String locale,
      @Nullable String seller,
      @Nullable TaxPlace taxPlace,
      List<TaxId> taxIds,
      @Nullable Instant testClock) {
    /** Copies the list. */
    public NewCustomer {
      taxIds = List.copyOf(taxIds);
    }

    /** One with what is needed, in English, by the server's clock. */
    public static NewCustomer of(String id, String name, String currency, String zone) {
      return new NewCustomer(id, name, currency, zone, "en", null, null, List.of(), null);
    }

    /** The same with a clock of its own. */
    public NewCustomer withTestClock(Instant first) {
      return new NewCustomer(id, name, currency, zone, locale, seller, taxPlace, taxIds, first);
    }
  }

  /**
   * When an app belongs to a customer.
   *
   * @param to the end, exclusive; null while no end is known
   */
  public record AppSpan(String app, Instant from, @Nullable Instant to) {
    /** Whether a moment is within. */
    public boolean holds(Instant at) {
      return !at.isBefore(from) && (to == null || at.isBefore(to));
    }
  }

  /** Makes a customer. */
  public Customer create(NewCustomer wanted) {
    CustomerFields.id("customerId", wanted.id());
    CustomerFields.name("name", wanted.name());
    CustomerFields.currency(wanted.currency());
    CustomerFields.zone(wanted.zone());
    CustomerFields.locale(wanted.locale());
    CustomerFields.taxPlace(wanted.taxPlace());
    CustomerFields.taxIds(wanted.taxIds());
    return database.inTransaction(
        handle -> {
          requireSeller(handle, wanted.seller());
          if (!CustomerRows.insert(handle, wanted)) {
            throw RequestRefusedException.conflict(
                "customerId", "there is a customer " + wanted.id() + " already; choose another id");
          }
          if (wanted.testClock() != null) {
            CustomerClocks.begin(handle, wanted.id(), wanted.testClock());
          }
          Customer made = present(handle, wanted.id(), "");
          AuditLog.write(handle, actor, "customer.create", made.id(), null, shown(made));
          return made;
        });
  }

  /**
   * Changes name, zone, locale, seller, tax place or tax ids. Currency and id stay as they are. A
   * running billing period ends by the zone before.
   *
   * @param change makes the new one of the old one
   */
  public Customer change(String id, UnaryOperator<Customer> change) {
    return database.inTransaction(
        handle -> {
          Customer old = present(handle, id, "FOR UPDATE");
          Customer wanted = change.apply(old);
          Customer changed =
              new Customer(
                  id,
                  CustomerFields.name("name", wanted.name()),
                  old.currency(),
                  CustomerFields.zone(wanted.zone().getId()),
                  CustomerFields.locale(wanted.locale()),
                  wanted.seller(),
                  CustomerFields.taxPlace(wanted.taxPlace()),
                  CustomerFields.taxIds(wanted.taxIds()),
                  old.createdAt());
          requireSeller(handle, changed.seller());
          CustomerRows.update(handle, changed);
          if (!changed.zone().equals(old.zone())) {
            moveZone(handle, old, changed.zone());
          }
          AuditLog.write(handle, actor, "customer.change", id, shown(old), shown(changed));
          return changed;
        });
  }

  private void moveZone(Handle handle, Customer old, ZoneId zone) {
    Instant since = new CustomerClocks(database.within(handle), clock).now(old.id());
    ZoneRows.add(handle, old.id(), since, old.zone(), zone);
    Map<String, Object> moved = new LinkedHashMap<>();
    moved.put("customerId", old.id());
    moved.put("before", old.zone().getId());
    moved.put("zone", zone.getId());
    moved.put("since", since.toString());
    Outbox.add(handle, DomainEvent.of(ZONE_CHANGED, "customer/" + old.id(), moved, actor.name()));
  }

  /** In which zones the days of a customer begin, and since when. */
  public ZoneHistory zones(Customer customer) {
    return database.read(handle -> ZoneRows.of(handle, customer));
  }

  /** A customer; empty when there is none. */
  public Optional<Customer> find(String id) {
    return database.read(handle -> CustomerRows.find(handle, id, ""));
  }

  /**
   * A customer that must be there.
   *
   * @throws RequestRefusedException when there is none
   */
  public Customer require(String id) {
    return database.read(handle -> present(handle, id, ""));
  }

  /** Whose an app is at a moment; empty when it is nobody's. */
  public Optional<Customer> ofApp(String app, Instant at) {
    return database.read(handle -> CustomerRows.ofApp(handle, app, at));
  }

  /** The ids of the customers of apps at a moment, by app; an app that is nobody's is left out. */
  public Map<String, String> ofApps(Collection<String> apps, Instant at) {
    return database.read(handle -> CustomerAppRows.owners(handle, apps, at));
  }

  /** The apps of customers at a moment, with the ids of their customers. */
  public Map<String, String> appsOf(Collection<String> customers, Instant at) {
    return database.read(handle -> CustomerAppRows.apps(handle, customers, at));
  }

  /** The apps of a customer at a moment, by id. */
  public List<String> apps(String customer, Instant at) {
    return spans(customer).stream().filter(span -> span.holds(at)).map(AppSpan::app).toList();
  }

  /** Which apps belong to a customer, belonged to it or will, and when: by app and time. */
  public List<AppSpan> spans(String customer) {
    return database.read(handle -> CustomerAppRows.spans(handle, customer));
  }

  /** An app that belongs to a customer, belonged to it or will. */
  public record CustomerApp(String customer, AppSpan span) {}

  /** Which apps belong to any customer since a moment, and when: by app and time. */
  public List<CustomerApp> spansSince(Instant since) {
    return database.read(handle -> CustomerAppRows.spansSince(handle, since));
  }

  /**
   * Apps that came to a customer, or left one, in a time; in the order of their ids.
   *
   * @param after the time begins after this moment
   * @param upTo its last moment
   * @param afterApp the id that they follow; empty for the first
   * @param most so many at most
   */
  public List<String> movedApps(Instant after, Instant upTo, String afterApp, int most) {
    return database.read(handle -> CustomerAppRows.moved(handle, after, upTo, afterApp, most));
  }

  /** The app of an event {@link #APP_MOVED}, by its payload. */
  public static String movedApp(String payload) {
    try {
      return JSON.readTree(payload).path("appId").asText();
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("the payload must be JSON", malformed);
    }
  }

  /**
   * Customers in the order of their ids.
   *
   * @param after the id that they follow; empty for the first
   * @param most so many at most
   */
  public List<Customer> after(String after, int most) {
    return database.read(handle -> CustomerRows.after(handle, after, most));
  }

  /**
   * Gives an app to a customer, and so takes it from another one.
   *
   * @param from since when; null for now. For an app that was never anybody's it may have passed,
   *     for another one not, since that would change what was true
   */
  public AppSpan assign(String customer, String app, @Nullable Instant from) {
    return database.inTransaction(
        handle -> {
          present(handle, customer, "");
          return move(handle, app, customer, from);
        });
  }

  /**
   * Takes an app from a customer: then it is nobody's.
   *
   * @param at since when; null for now
   */
  public void release(String customer, String app, @Nullable Instant at) {
    database.useTransaction(
        handle -> {
          present(handle, customer, "");
          Optional<LastRow> last = CustomerAppRows.lockLast(handle, app);
          if (last.isEmpty() || !customer.equals(last.get().customer())) {
            throw RequestRefusedException.conflict(
                "appId", "the app " + app + " does not belong to the customer " + customer);
          }
          var unused = move(handle, app, null, at);
        });
  }

  private AppSpan move(
      Handle handle, String app, @Nullable String customer, @Nullable Instant wanted) {
    KnownApp.require(handle, app);
    Optional<LastRow> last = CustomerAppRows.lockLast(handle, app);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Instant from = wanted == null ? now : wanted.truncatedTo(ChronoUnit.MICROS);
    if (last.isPresent()) {
      requireLater(app, last.get(), customer, from, wanted == null ? from : now);
    }
    CustomerAppRows.add(handle, app, from, customer);
    tell(handle, app, last.map(LastRow::customer).orElse(null), customer, from);
    return new AppSpan(app, from, null);
  }

  private static void requireLater(
      String app, LastRow last, @Nullable String customer, Instant from, Instant now) {
    if (customer != null && customer.equals(last.customer())) {
      throw RequestRefusedException.conflict(
          "appId", "the app " + app + " belongs to the customer since " + last.from());
    }
    if (from.isBefore(now)) {
      throw RequestRefusedException.invalid(
          "from", "now or later: the app " + app + " belonged to somebody in the past");
    }
    if (!from.isAfter(last.from())) {
      throw RequestRefusedException.invalid(
          "from", "after " + last.from() + ", when the last change of the app begins");
    }
  }

  private void tell(
      Handle handle, String app, @Nullable String old, @Nullable String customer, Instant from) {
    Map<String, @Nullable Object> moved = new LinkedHashMap<>();
    moved.put("appId", app);
    moved.put("before", old);
    moved.put("customerId", customer);
    moved.put("from", from.toString());
    String subject = customer == null ? String.valueOf(old) : customer;
    String action = customer == null ? "customer.app_release" : "customer.app_assign";
    AuditLog.write(handle, actor, action, subject, null, moved);
    Outbox.add(handle, DomainEvent.of(APP_MOVED, eventSubject(app), moved, actor.name()));
  }

  /** An id of an app has up to 256 characters, and so has the subject with what is before it. */
  private static String eventSubject(String app) {
    String subject = "app/" + app;
    return subject.substring(0, Math.min(256, subject.length()));
  }

  private static void requireSeller(Handle handle, @Nullable String seller) {
    if (seller != null
        && handle
            .createQuery("SELECT 1 FROM seller WHERE seller_id = :seller")
            .bind("seller", seller)
            .mapTo(Integer.class)
            .findFirst()
            .isEmpty()) {
      throw Sellers.none(seller);
    }
  }

  private static Customer present(Handle handle, String id, String lock) {
    return CustomerRows.find(handle, id, lock)
        .orElseThrow(
            () -> RequestRefusedException.notFound("customerId", "there is no customer " + id));
  }

  private static Map<String, @Nullable Object> shown(Customer customer) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("name", customer.name());
    shown.put("currency", customer.currency());
    shown.put("zone", customer.zone().getId());
    shown.put("locale", customer.locale());
    shown.put("seller", customer.seller());
    shown.put("taxPlace", String.valueOf(customer.taxPlace()));
    shown.put("taxIds", customer.taxIds().toString());
    return shown;
  }
}
