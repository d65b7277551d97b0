/**
 * Whether all usage is where it belongs: reported, stored, rated and invoiced, or in a rest with a
 * name. For operators. The package owns no table: it reads through the doors of others.
 */
@NullMarked
package io.billingsdk.server.reconcile;

import org.jspecify.annotations.NullMarked;
