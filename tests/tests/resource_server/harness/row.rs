//! One row of the table: an attack with its answer, and an honest neighbour.

use super::{KEYS, Refused, Sent, Service, admits, answers, refuses};

pub struct Row {
    /// The rules and bug classes that it shows: `J-1 V7`.
    pub ids: &'static str,
    pub name: String,
    pub attack: Sent,
    refused: Refused,
    /// Where the attack makes the service ask for keys, within one cooldown.
    pub asks: &'static [&'static str],
    pub neighbour: Sent,
}

/// An attack that is refused so; the row still needs its neighbour.
pub fn attack(
    ids: &'static str,
    name: impl Into<String>,
    attack: impl Into<Sent>,
    refused: Refused,
) -> Attack {
    Attack(Row {
        ids,
        name: name.into(),
        attack: attack.into(),
        refused,
        asks: &[],
        neighbour: Sent::nothing(),
    })
}

/// A row without a neighbour.
pub struct Attack(Row);

impl Attack {
    /// It makes the service ask at these addresses, each once in a cooldown.
    pub fn asking(mut self, asks: &'static [&'static str]) -> Self {
        self.0.asks = asks;
        self
    }

    /// A `kid` that is not there, or none and a wrong signature, makes the service ask for newer keys, once in a cooldown.
    pub fn asking_for_keys(self) -> Self {
        self.asking(&[KEYS])
    }

    /// What is admitted beside it.
    pub fn beside(mut self, neighbour: impl Into<Sent>) -> Row {
        self.0.neighbour = neighbour.into();
        self.0
    }
}

impl Row {
    /// Whether the answer is the same while nobody can be asked: the keys that are there judge it.
    pub fn is_judged_without_asking(&self) -> bool {
        self.asks.is_empty() || matches!(self.refused, Refused::Invalid("wrong signature"))
    }

    pub async fn is_refused(&self, service: &Service) {
        refuses(service, &self.attack, self.refused, &self.name).await;
    }

    pub async fn neighbour_is_admitted(&self, service: &Service) {
        admits(service, &self.neighbour, &self.name).await;
    }

    /// The same where tokens of several issuers are taken, if it goes to the handler that takes those of one. There the
    /// issuer is looked at first, so other words may be in the log.
    pub async fn is_the_same_at_several(&self, service: &Service) {
        if let Some(attack) = self.attack.at_several() {
            answers(service, &attack, self.refused, &self.name).await;
        }
        if let Some(neighbour) = self.neighbour.at_several() {
            admits(service, &neighbour, &self.name).await;
        }
    }
}
