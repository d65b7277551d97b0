/**
 * For the authors of billing-sdk: quotas and rates, decided from leases in memory.
 *
 * <pre>
 *   AdmissionDesk ──► KeyPlan ──► QuotaAccount ──► Lease       a call: on its own thread
 *        │               └──────► RateGate
 *        └──► LeasedAdmission ──► UsageReporter                its end
 *   LeaseLine ──► LeaseBook ──► QuotaAccount, RateGate         requests and grants: one thread
 * </pre>
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.quotas;

import org.jspecify.annotations.NullMarked;
