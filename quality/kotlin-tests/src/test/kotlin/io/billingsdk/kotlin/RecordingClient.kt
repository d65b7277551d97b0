package io.billingsdk.kotlin

import io.billingsdk.BillingClient
import io.billingsdk.BillingListener
import io.billingsdk.BillingListener.KeyChange
import io.billingsdk.Caller
import io.billingsdk.ClientStatus
import io.billingsdk.DenialReason
import io.billingsdk.DrainReport
import io.billingsdk.KeyDecision
import io.billingsdk.ReportOutcome
import io.billingsdk.UsageEvent
import java.time.Duration
import java.util.UUID
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout

/** Knows one key, which can be blocked, and keeps what is reported. */
class RecordingClient : BillingClient {
  val reported = CopyOnWriteArrayList<UsageEvent>()
  private val caller = Caller.of("good-key", "k_1", "app-1")
  private val listeners = CopyOnWriteArrayList<BillingListener>()
  @Volatile private var blockedFor: String? = null

  fun block(reason: String) {
    blockedFor = reason
    listeners.forEach { it.keyChanged(KeyChange(caller, true, reason)) }
  }

  suspend fun awaitEvents(count: Int) = withTimeout(60_000) {
    while (reported.size < count) {
      delay(5)
    }
  }

  override fun check(apiKey: String?): KeyDecision =
    when {
      apiKey != "good-key" -> KeyDecision.Denied.because(DenialReason.INVALID)
      blockedFor != null -> KeyDecision.Denied(DenialReason.BLOCKED, blockedFor, null)
      else -> KeyDecision.Allowed(caller)
    }

  override fun report(event: UsageEvent?): ReportOutcome {
    reported.add(event!!)
    return ReportOutcome.Accepted(UUID(0, 0), reported.size.toLong())
  }

  override fun reportDurably(event: UsageEvent?): CompletableFuture<ReportOutcome.Accepted> =
    CompletableFuture.completedFuture(report(event) as ReportOutcome.Accepted)

  override fun status(): ClientStatus = throw UnsupportedOperationException()

  override fun awaitReady(timeout: Duration): Boolean = true

  override fun flush(timeout: Duration): DrainReport = throw UnsupportedOperationException()

  override fun close(timeout: Duration): DrainReport = throw UnsupportedOperationException()

  override fun addListener(listener: BillingListener) {
    listeners.add(listener)
  }

  override fun removeListener(listener: BillingListener) {
    listeners.remove(listener)
  }
}
