package io.billingsdk.server.customers;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Who sells: the legal entities in whose names invoices are issued. Thread-safe. */
public final class Sellers {
  private static final String SELECT =
      "SELECT seller_id, name, currency, zone, address, tax_ids, created_at FROM seller ";

  private static final String INSERT =
      """
      INSERT INTO seller (seller_id, name, currency, zone, address, tax_ids)
      VALUES (:id, :name, :currency, :zone, :address::jsonb, :taxIds::jsonb)
      ON CONFLICT DO NOTHING
      """;

  private static final String UPDATE =
      """
      UPDATE seller SET name = :name, address = :address::jsonb, tax_ids = :taxIds::jsonb
      WHERE seller_id = :id
      """;

  static final int MOST_LINES = 4;
  static final int LINE_CHARS = 128;
  static final int POSTAL_CODE_CHARS = 32;

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public Sellers(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * A postal address.
   *
   * @param lines street and number, 1 to 4 of at most 128 characters
   * @param city 1 to 128 characters
   * @param postalCode null where there is none
   * @param region a state or province; null for none
   * @param country code of ISO 3166-1 with two letters
   */
  public record Address(
      List<String> lines,
      String city,
      @Nullable String postalCode,
      @Nullable String region,
      String country) {
    /** Copies the list. */
    public Address {
      lines = List.copyOf(lines);
    }
  }

  /**
   * A seller.
   *
   * @param id 1 to 64 of A-Z a-z 0-9 _ . -
   * @param name of the legal entity
   * @param currency in which it keeps its accounts; it never changes
   * @param zone whose days are the dates of its invoices; it never changes
   * @param taxIds at most 8
   */
  public record Seller(
      String id,
      String name,
      String currency,
      ZoneId zone,
      Address address,
      List<TaxId> taxIds,
      Instant createdAt) {
    /** Copies the list. */
    public Seller {
      taxIds = List.copyOf(taxIds);
    }
  }

  /**
   * A seller that is to be.
   *
   * @param zone its id as it was given
   */
  public record NewSeller(
      String id, String name, String currency, String zone, Address address, List<TaxId> taxIds) {}

  /** Makes a seller. */
  public Seller create(NewSeller wanted) {
    CustomerFields.id("sellerId", wanted.id());
    CustomerFields.name("name", wanted.name());
    CustomerFields.currency(wanted.currency());
    CustomerFields.zone(wanted.zone());
    check(wanted.address());
    CustomerFields.taxIds(wanted.taxIds());
    return database.inTransaction(
        handle -> {
          if (insert(handle, wanted) == 0) {
            throw RequestRefusedException.conflict(
                "sellerId", "there is a seller " + wanted.id() + " already; choose another id");
          }
          AuditLog.write(
              handle,
              actor,
              "seller.create",
              wanted.id(),
              null,
              Map.of("name", wanted.name(), "currency", wanted.currency(), "zone", wanted.zone()));
          return present(handle, wanted.id(), "");
        });
  }

  /** Changes what of a seller may change; null keeps it. */
  public Seller change(
      String id, @Nullable String name, @Nullable Address address, @Nullable List<TaxId> taxIds) {
    return database.inTransaction(
        handle -> {
          Seller old = present(handle, id, "FOR UPDATE");
          Seller changed =
              new Seller(
                  id,
                  name == null ? old.name() : CustomerFields.name("name", name),
                  old.currency(),
                  old.zone(),
                  address == null ? old.address() : check(address),
                  taxIds == null ? old.taxIds() : CustomerFields.taxIds(taxIds),
                  old.createdAt());
          handle
              .createUpdate(UPDATE)
              .bind("name", changed.name())
              .bind("address", TaxIdsJson.of(changed.address()))
              .bind("taxIds", TaxIdsJson.of(changed.taxIds()))
              .bind("id", id)
              .execute();
          AuditLog.write(handle, actor, "seller.change", id, shown(old), shown(changed));
          return changed;
        });
  }

  /** A seller; empty when there is none. */
  public Optional<Seller> find(String id) {
    return database.read(handle -> find(handle, id, ""));
  }

  /** A seller that must be there. */
  public Seller require(String id) {
    return find(id).orElseThrow(() -> none(id));
  }

  /** Sellers in the order of their ids, so many at most, after one; empty for the first. */
  public List<Seller> after(String after, int most) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + "WHERE seller_id > :after ORDER BY seller_id LIMIT :most")
                .bind("after", after)
                .bind("most", most)
                .map(ResultRow.to(Sellers::seller))
                .list());
  }

  static RequestRefusedException none(String id) {
    return RequestRefusedException.notFound(
        "sellerId", "there is no seller " + id + "; create it first");
  }

  private static int insert(Handle handle, NewSeller wanted) {
    return handle
        .createUpdate(INSERT)
        .bind("id", wanted.id())
        .bind("name", wanted.name())
        .bind("currency", wanted.currency())
        .bind("zone", wanted.zone())
        .bind("address", TaxIdsJson.of(wanted.address()))
        .bind("taxIds", TaxIdsJson.of(wanted.taxIds()))
        .execute();
  }

  static Address check(Address address) {
    if (address.lines().isEmpty() || address.lines().size() > MOST_LINES) {
      throw RequestRefusedException.invalid("address.lines", "a list of 1 to " + MOST_LINES);
    }
    for (int i = 0; i < address.lines().size(); i++) {
      CustomerFields.text("address.lines[" + i + "]", address.lines().get(i), LINE_CHARS);
    }
    CustomerFields.text("address.city", address.city(), LINE_CHARS);
    if (address.postalCode() != null) {
      CustomerFields.text("address.postalCode", address.postalCode(), POSTAL_CODE_CHARS);
    }
    if (address.region() != null) {
      CustomerFields.text("address.region", address.region(), CustomerFields.REGION_CHARS);
    }
    CustomerFields.country("address.country", address.country());
    return address;
  }

  private static Map<String, Object> shown(Seller seller) {
    return Map.of(
        "name", seller.name(),
        "address", seller.address().toString(),
        "taxIds", seller.taxIds().toString());
  }

  static Seller present(Handle handle, String id, String lock) {
    return find(handle, id, lock).orElseThrow(() -> none(id));
  }

  private static Optional<Seller> find(Handle handle, String id, String lock) {
    return handle
        .createQuery(SELECT + "WHERE seller_id = :id " + lock)
        .bind("id", id)
        .map(ResultRow.to(Sellers::seller))
        .findFirst();
  }

  private static Seller seller(ResultRow row) {
    return new Seller(
        row.text("seller_id"),
        row.text("name"),
        row.text("currency"),
        ZoneId.of(row.text("zone")),
        TaxIdsJson.address(row.text("address")),
        TaxIdsJson.taxIds(row.text("tax_ids")),
        row.time("created_at"));
  }
}
