package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.KnownApp;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.KeyBlocks.KeyBlock;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Changes apps and keys. Every change of a key raises the version of the table in the order of the
 * commits, is written down, and reaches the running servers at once. Thread-safe.
 */
public final class KeyAdmin {
  private final Database database;
  private final @Nullable KeyVault vault;
  private final Actor actor;
  private final SecureRandom random = new SecureRandom();

  /**
   * Over a database, for a command.
   *
   * @param vault null where no legacy key is made
   */
  public KeyAdmin(Database database, @Nullable KeyVault vault) {
    this(database, vault, Actor.commandLine());
  }

  /**
   * Over a database.
   *
   * @param vault null where no legacy key is made
   * @param actor who changes the keys
   */
  public KeyAdmin(Database database, @Nullable KeyVault vault, Actor actor) {
    this.database = database;
    this.vault = vault;
    this.actor = actor;
  }

  /** Makes an app, which keys belong to. */
  public void createApp(String appId, String name) {
    var unused = new Apps(database, actor).create(appId, name);
  }

  /** As {@link #create(String, KeyEntitlements, boolean)}, with neither rate nor quotas. */
  public NewKey create(
      String appId, List<String> models, @Nullable Instant expires, boolean legacy) {
    return create(appId, new KeyEntitlements(models, expires, null, List.of()), legacy);
  }

  /**
   * Makes a key.
   *
   * @param legacy whether the feed of protocol v1 carries it, so that it is kept, encrypted
   */
  public NewKey create(String appId, KeyEntitlements terms, boolean legacy) {
    NewKey made = NewKey.create(random);
    importKey(made.keyId(), made.text(), appId, terms, legacy);
    return made;
  }

  /** Takes over a key that exists, for example of an older billing system. */
  public void importKey(
      String keyId, String apiKey, String appId, KeyEntitlements terms, boolean legacy) {
    if (!Bounds.isWellFormedKey(apiKey)) {
      throw RequestRefusedException.invalid("the key", "1 to 256 printable ASCII characters");
    }
    byte[] sealed = sealed(keyId, apiKey, legacy);
    database.useTransaction(
        handle -> {
          KnownApp.require(handle, appId);
          add(handle, new NewKey(keyId, apiKey), appId, terms, sealed);
        });
  }

  /** Blocks a key, because an operator has decided so. */
  public void block(String keyId, String reason) {
    block(keyId, BlockCause.OPERATOR, reason, null);
  }

  /**
   * Blocks a key for a cause. A cause that stands already has this reason from now on.
   *
   * @param until when the cause ends; null when somebody has to lift it
   */
  public void block(String keyId, BlockCause cause, String reason, @Nullable Instant until) {
    requireText("reason", reason, Bounds.REASON_CHARS);
    database.useTransaction(
        handle ->
            changeBlocks(
                handle,
                keyId,
                "block",
                within -> KeyBlocks.stand(within, keyId, cause, reason, actor, until)));
  }

  /** Takes the block of an operator back. The key stays blocked while another cause stands. */
  public void unblock(String keyId) {
    lift(keyId, BlockCause.OPERATOR);
  }

  /**
   * Lifts one cause of a block; the others stand. With {@link BlockCause#VIOLATION} a lowered rate
   * ends too.
   */
  public void lift(String keyId, BlockCause cause) {
    database.useTransaction(
        handle -> {
          liftBlock(handle, keyId, cause);
          if (cause == BlockCause.VIOLATION) {
            setLowered(handle, keyId, "restore_rate", null);
          }
        });
  }

  /** Lifts one cause of a block and nothing more: a lowered rate stands until its own end. */
  public void liftBlock(String keyId, BlockCause cause) {
    database.useTransaction(handle -> liftBlock(handle, keyId, cause));
  }

  private void liftBlock(Handle handle, String keyId, BlockCause cause) {
    changeBlocks(handle, keyId, "unblock", within -> KeyBlocks.lift(within, keyId, cause));
  }

  /** What blocks keys, by their ids. */
  public Map<String, List<KeyBlock>> blocks(Collection<String> keyIds) {
    return database.read(handle -> KeyBlocks.of(handle, keyIds));
  }

  private void changeBlocks(Handle handle, String keyId, String what, Consumer<Handle> change) {
    long version = KeyWrites.nextVersion(handle);
    StoredKey old = present(handle, keyId);
    change.accept(handle);
    KeyWrites.updateBlocks(handle, List.of(keyId), List.of(version));
    tell(handle, version, keyId, what, old);
  }

  /** Removes a key, for good; its record stays, so that an older one does not revive it. */
  public void remove(String keyId) {
    update(keyId, "remove", "status = 'removed', legacy_key = NULL, reason = :reason", null);
  }

  /** Sets when a key ends. */
  public void expire(String keyId, Instant when) {
    change(keyId, terms -> terms.withExpires(when));
  }

  /**
   * Says what the plan of its customer allows all keys of an app, beside their own terms; keys that
   * are made later too. Nothing happens where it is so already.
   *
   * @param plan null for no plan
   * @return whether it was otherwise before
   */
  public boolean planOfApp(String appId, @Nullable PlanTerms plan) {
    return database.inTransaction(
        handle -> {
          KnownApp.require(handle, appId);
          // Without the lock first: most calls repeat what is so, and must not wait for others.
          return !KeyWrites.isPlan(handle, appId, plan) && changePlan(handle, appId, plan);
        });
  }

  private boolean changePlan(Handle handle, String appId, @Nullable PlanTerms plan) {
    KeyWrites.lock(handle);
    List<StoredKey> before = KeyRows.ofApp(handle, appId, "", Integer.MAX_VALUE);
    Map<BlockCause, String> barred = PlanBars.of(KeyWrites.plan(handle, appId));
    if (!KeyWrites.updatePlan(handle, appId, plan)) {
      return false;
    }
    PlanBars.carryOut(handle, before, barred, PlanBars.of(plan), actor);
    return true;
  }

  /** Lowers the rate of a key; {@link BlockCause#VIOLATION} lifted takes it back. */
  public void lowerRate(String keyId, LoweredRate lowered) {
    requireText("reason", lowered.reason(), Bounds.REASON_CHARS);
    database.useTransaction(handle -> setLowered(handle, keyId, "lower_rate", lowered));
  }

  /** Takes a lowered rate back. */
  public void restoreRate(String keyId) {
    database.useTransaction(handle -> setLowered(handle, keyId, "restore_rate", null));
  }

  private void setLowered(Handle handle, String keyId, String what, @Nullable LoweredRate lowered) {
    KeyWrites.lock(handle);
    StoredKey old = present(handle, keyId);
    if (!Objects.equals(old.lowered(), lowered)) {
      long version = KeyWrites.nextVersion(handle);
      KeyWrites.lowerRate(handle, keyId, version, lowered);
      tell(handle, version, keyId, what, old);
    }
  }

  /** Changes what a key may be used for; all of it at once. */
  public void change(String keyId, UnaryOperator<KeyEntitlements> change) {
    database.useTransaction(
        handle -> {
          // First: the one who has the next version is alone with the keys until it commits.
          long version = KeyWrites.nextVersion(handle);
          StoredKey old = present(handle, keyId);
          KeyWrites.updateTerms(handle, keyId, version, change.apply(KeyEntitlements.of(old)));
          tell(handle, version, keyId, "change", old);
        });
  }

  /**
   * Makes a successor of a key, with its app, its terms, and in the feed of protocol v1 if it is
   * there; the old one ends after an overlap, or when it would have ended anyway. Both happen, or
   * neither.
   *
   * @throws ServerException when the key is blocked: its successor would let in again who was shut
   *     out
   */
  public NewKey rotate(String keyId, Instant oldEnds) {
    NewKey made = NewKey.create(random);
    database.useTransaction(
        handle -> {
          long version = KeyWrites.nextVersion(handle);
          StoredKey old = present(handle, keyId);
          if (old.status() == KeyStatus.BLOCKED) {
            throw RequestRefusedException.conflict(
                "keyId", "key " + keyId + " is blocked; unblock it before rotating");
          }
          KeyEntitlements terms = KeyEntitlements.of(old);
          Instant end = terms.expires();
          boolean sooner = end != null && end.isBefore(oldEnds);
          KeyWrites.updateTerms(handle, keyId, version, terms.withExpires(sooner ? end : oldEnds));
          tell(handle, version, keyId, "rotate", old);
          byte[] sealed = sealed(made.keyId(), made.text(), KeyRows.isLegacy(handle, keyId));
          add(handle, made, old.appId(), terms, sealed);
          KeyWrites.setSuccessor(handle, keyId, made.keyId());
        });
    return made;
  }

  /** A key, and be it removed; empty when there never was one. */
  public Optional<StoredKey> one(String keyId) {
    return database.read(handle -> KeyRows.one(handle, keyId));
  }

  /**
   * Keys of an app, removed ones included, in the order of their ids.
   *
   * @param after the id that they follow; empty for the first
   * @param most so many at most
   */
  public List<StoredKey> ofApp(String appId, String after, int most) {
    return database.read(
        handle -> {
          KnownApp.require(handle, appId);
          return KeyRows.ofApp(handle, appId, after, most);
        });
  }

  /** All keys, removed ones included, in the order of their last change. */
  public List<StoredKey> keys() {
    return database.read(handle -> KeyRows.since(handle, 0));
  }

  /** Of each key that was rotated the one that was made for it, by the ids of the old ones. */
  public Map<String, String> successors() {
    return database.read(KeyRows::successors);
  }

  private void update(String keyId, String what, String assignment, @Nullable String value) {
    database.useTransaction(
        handle -> {
          long version = KeyWrites.nextVersion(handle);
          StoredKey old = present(handle, keyId);
          KeyWrites.updateStatus(handle, keyId, version, assignment, value);
          tell(handle, version, keyId, what, old);
        });
  }

  private void add(
      Handle handle, NewKey key, String appId, KeyEntitlements terms, byte @Nullable [] sealed) {
    long version = KeyWrites.nextVersion(handle);
    if (!KeyWrites.insert(
        handle, new KeyWrites.NewRow(key.keyId(), key.text(), appId, version, terms), sealed)) {
      throw RequestRefusedException.conflict(
          "keyId", "a key with this id or this text exists already");
    }
    Map<BlockCause, String> bars = PlanBars.of(KeyWrites.plan(handle, appId));
    if (!bars.isEmpty()) {
      PlanBars.change(handle, key.keyId(), Map.of(), bars, actor);
      KeyWrites.updateBlocks(handle, List.of(key.keyId()), List.of(version));
    }
    tell(handle, version, key.keyId(), "create", null);
  }

  private byte @Nullable [] sealed(String keyId, String apiKey, boolean legacy) {
    if (!legacy) {
      return null;
    }
    if (vault == null) {
      throw new InstallationException("a legacy key needs the secret of the installation");
    }
    return vault.seal(keyId, apiKey);
  }

  private static StoredKey present(Handle handle, String keyId) {
    return KeyRows.one(handle, keyId)
        .filter(key -> key.status() != KeyStatus.REMOVED)
        .orElseThrow(() -> none(keyId));
  }

  private static StoredKey row(Handle handle, String keyId) {
    return KeyRows.one(handle, keyId).orElseThrow(() -> none(keyId));
  }

  private static RequestRefusedException none(String keyId) {
    return RequestRefusedException.notFound(
        "keyId", "there is no key " + keyId + ", or it was removed");
  }

  private void tell(
      Handle handle, long version, String keyId, String what, @Nullable StoredKey old) {
    KeyAudit.write(handle, actor, what, old, row(handle, keyId));
    KeyEvents.add(handle, actor, what, row(handle, keyId));
    KeyWrites.note(handle, version, keyId, what);
  }

  static void requireText(String field, String text, int chars) {
    if (text.isBlank() || text.length() > chars || !Bounds.isWellFormedText(text)) {
      throw RequestRefusedException.invalid(field, "a text of 1 to " + chars + " characters");
    }
  }
}
