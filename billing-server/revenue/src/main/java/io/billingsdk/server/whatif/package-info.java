/**
 * Another price list over real usage: what customers would have paid. For operators. The package
 * owns no table: it reads through the doors of others.
 */
@NullMarked
package io.billingsdk.server.whatif;

import org.jspecify.annotations.NullMarked;
