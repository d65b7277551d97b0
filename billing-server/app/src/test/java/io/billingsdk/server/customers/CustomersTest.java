package io.billingsdk.server.customers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On a real PostgreSQL. */
@Tag("postgres")
class CustomersTest {
  private static final Actor TESTER = new Actor("tester");
  private static final Instant NOW = Instant.parse("2027-03-10T12:00:00Z");
  private static final Instant LATER = Instant.parse("2027-04-01T00:00:00Z");
  private static final NewCustomer ACME = NewCustomer.of("acme", "Acme", "EUR", "Europe/Berlin");

  private World world;
  private Database database;
  private Customers customers;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    customers = new Customers(database, TESTER, () -> NOW);
    world.execute("INSERT INTO app (app_id, name) VALUES ('shop', 'Shop'), ('blog', 'Blog')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void create_withAllFields_isReadAsItWasGiven() {
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                "de",
                "Billing GmbH",
                "EUR",
                "Europe/Berlin",
                new Address(List.of("Hauptstr. 1"), "Berlin", "10115", null, "DE"),
                List.of(new TaxId("eu_vat", "DE123456789"))));
    Customer made =
        customers.create(
            new NewCustomer(
                "acme",
                "Acme",
                "JPY",
                "Asia/Tokyo",
                "zh-hans-cn",
                "de",
                new TaxPlace("US", "California"),
                List.of(new TaxId("us_ein", "12-3456789")),
                null));

    assertThat(customers.require("acme")).isEqualTo(made);
    assertThat(made.locale()).isEqualTo("zh-Hans-CN");
    assertThat(made.seller()).isEqualTo("de");
    assertThat(made.taxPlace()).isEqualTo(new TaxPlace("US", "California"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+02:00", "GMT+2", "UTC+01:00", "Etc/GMT-3", "Z", "Berlin", "", "UTC2"})
  void create_withAnOffsetAsZone_isRefusedWithTheExpectedForm(String zone) {
    assertThatThrownBy(() -> customers.create(NewCustomer.of("acme", "Acme", "EUR", zone)))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageStartingWith("zone must be the id of a time zone, such as Europe/Berlin");
    assertThat(customers.find("acme")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a b, Acme, EUR, customerId",
    "acme, '', EUR, name",
    "acme, Acme, XAU, currency",
    "acme, Acme, eur, currency"
  })
  void create_withAFieldOutOfBounds_isRefusedByItsName(
      String id, String name, String currency, String field) {
    assertThatThrownBy(() -> customers.create(NewCustomer.of(id, name, currency, "UTC")))
        .isInstanceOfSatisfying(
            RequestRefusedException.class, refused -> assertThat(refused.field()).isEqualTo(field));
  }

  @Test
  void create_twice_isRefused_andAnUnknownSellerToo() {
    customers.create(ACME);
    assertThatThrownBy(() -> customers.create(ACME)).hasMessageContaining("already");
    assertThatThrownBy(
            () ->
                customers.change(
                    "acme",
                    old ->
                        new Customer(
                            old.id(),
                            old.name(),
                            old.currency(),
                            old.zone(),
                            old.locale(),
                            "none",
                            null,
                            List.of(),
                            old.createdAt())))
        .hasMessageContaining("there is no seller none");
  }

  @Test
  void assign_anAppToAnother_keepsWhatWasTrue() {
    customers.create(ACME);
    customers.create(NewCustomer.of("other", "Other", "USD", "UTC"));
    Instant first = Instant.parse("2026-01-01T00:00:00Z");
    customers.assign("acme", "shop", first);
    customers.assign("other", "shop", LATER);

    assertThat(customers.ofApp("shop", first.minusMillis(1))).isEmpty();
    assertThat(customers.ofApp("shop", first)).hasValueSatisfying(is("acme"));
    assertThat(customers.ofApp("shop", LATER.minusMillis(1))).hasValueSatisfying(is("acme"));
    assertThat(customers.ofApp("shop", LATER)).hasValueSatisfying(is("other"));
    assertThat(customers.spans("acme")).containsExactly(new AppSpan("shop", first, LATER));
    assertThat(customers.apps("other", NOW)).isEmpty();
    assertThat(customers.apps("other", LATER)).containsExactly("shop");
  }

  @Test
  void assign_whatWouldChangeThePast_isRefused() {
    customers.create(ACME);
    customers.create(NewCustomer.of("other", "Other", "USD", "UTC"));
    customers.assign("acme", "shop", NOW.minusSeconds(60));

    assertThatThrownBy(() -> customers.assign("other", "shop", NOW.minusSeconds(1)))
        .hasMessageStartingWith("from must be now or later");
    assertThatThrownBy(() -> customers.assign("acme", "shop", LATER))
        .hasMessageContaining("belongs to the customer since");
    assertThatThrownBy(() -> customers.release("other", "shop", null))
        .hasMessageContaining("does not belong");
    assertThatThrownBy(() -> customers.assign("acme", "none", null))
        .hasMessage("there is no app none");
    customers.release("acme", "shop", LATER);
    assertThatThrownBy(() -> customers.assign("other", "shop", null))
        .hasMessageStartingWith("from must be after " + LATER);
    assertThat(customers.ofApp("shop", LATER)).isEmpty();
  }

  /** Two at once: one is first, and the other is refused or comes after; never both at a moment. */
  @Test
  void assign_byManyAtOnce_leavesOneOwnerAtEachMoment() throws Exception {
    int many = 16;
    for (int i = 0; i < many; i++) {
      customers.create(NewCustomer.of("c" + i, "C", "USD", "UTC"));
    }
    ExecutorService pool = Executors.newFixedThreadPool(8);
    List<Callable<Boolean>> moves = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      String customer = "c" + i;
      moves.add(
          () -> {
            try {
              customers.assign(customer, "shop", LATER);
              return true;
            } catch (RequestRefusedException refused) {
              return false;
            }
          });
    }
    int done = 0;
    for (Future<Boolean> each : pool.invokeAll(moves)) {
      done += each.get() ? 1 : 0;
    }
    pool.shutdown();

    assertThat(done).isEqualTo(1);
    assertThat(world.count("SELECT count(*) FROM customer_app")).isEqualTo(1);
    assertThat(world.count("SELECT count(*) FROM outbox_event WHERE kind = 'customer.app_moved'"))
        .isEqualTo(1);
  }

  @Test
  void clock_ofATestCustomer_goesForwardAYearInOneCall_andNeverBack() throws SQLException {
    CustomerClocks clocks = new CustomerClocks(database, () -> NOW);
    customers.create(ACME);
    customers.create(NewCustomer.of("test", "Test", "USD", "UTC").withTestClock(LATER));
    Instant yearLater = Instant.parse("2028-04-01T00:00:00Z");

    assertThat(clocks.now("acme")).isEqualTo(NOW);
    assertThat(clocks.now("test")).isEqualTo(LATER);
    assertThat(clocks.moveTo(TESTER, "test", yearLater)).isEqualTo(yearLater);
    assertThat(clocks.now("test")).isEqualTo(yearLater);
    assertThatThrownBy(() -> clocks.moveTo(TESTER, "test", yearLater))
        .hasMessageStartingWith("to must be after 2028-04-01T00:00:00Z");
    assertThatThrownBy(() -> clocks.moveTo(TESTER, "acme", yearLater))
        .hasMessageContaining("has no test clock");
    assertThat(world.count("SELECT count(*) FROM outbox_event WHERE kind = 'customer.clock_moved'"))
        .isEqualTo(1);
  }

  @Test
  void changes_ofAnyKind_leaveAnEntryEach() throws SQLException {
    customers.create(ACME);
    customers.assign("acme", "shop", null);
    customers.release("acme", "shop", LATER);
    assertThat(world.count("SELECT count(*) FROM audit_log WHERE actor = 'tester'")).isEqualTo(3);
  }

  private static java.util.function.Consumer<Customer> is(String id) {
    return customer -> assertThat(customer.id()).isEqualTo(id);
  }
}
