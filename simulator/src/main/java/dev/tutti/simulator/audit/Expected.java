package dev.tutti.simulator.audit;

import dev.tutti.inventory.PositionKey;
import dev.tutti.inventory.StockMove;

/** What an order's events say must have happened to the stock. */
record Expected(PositionKey position, StockMove move, int quantity) {}
