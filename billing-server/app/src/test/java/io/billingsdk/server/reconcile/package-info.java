/** Tests of reconciliation. */
@NullMarked
package io.billingsdk.server.reconcile;

import org.jspecify.annotations.NullMarked;
